"""What commands ask about all rooms and messages, whoever may read them. Nothing of it is for readers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from chatlogs.models import Day, Finding, Message


def count_days() -> int:
    """With messages or not."""
    return Day.objects.count()


def count_messages() -> int:
    """Whatever became of them."""
    return Message.objects.count()


def count_findings() -> dict[tuple[str, str], int]:
    """By kind and state, of whatever messages."""
    counted = Finding.objects.order_by().values_list("kind", "state").annotate(Count("pk"))
    return {(kind, state): count for kind, state, count in counted}


def count_findable() -> int:
    """Messages that somebody may read."""
    return Message.objects.shown().count()


def find_keys(positions: Sequence[int]) -> dict[int, str]:
    """By position; readable or not."""
    return dict(Message.objects.filter(position__in=positions).values_list("position", "key"))
