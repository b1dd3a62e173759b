"""Sums over the whole archive, of what its transcripts say."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Sum

from chatlogs.models import Alias, Message, Room, SourceFile

SUMS = {
    "messages": "message_count",
    "images": "image_count",
    "links": "link_count",
    "empty_sender": "empty_sender_count",
    "empty_body": "empty_body_count",
}


def count_totals() -> dict[str, int]:
    """Rooms, days, messages, aliases that spoke, images, links, messages without sender or body."""
    spoken = Message.objects.filter(alias=OuterRef("pk"), is_withdrawn=False)
    sums = SourceFile.objects.aggregate(**{name: Sum(field) for name, field in SUMS.items()})
    return {
        "rooms": Room.objects.count(),
        "days": SourceFile.objects.count(),
        "aliases": Alias.objects.filter(Exists(spoken)).count(),
        **{name: total or 0 for name, total in sums.items()},
    }
