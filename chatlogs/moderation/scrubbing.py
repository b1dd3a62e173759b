"""Remove erased words from other tables."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from django.contrib.admin.models import LogEntry

from chatlogs.models import MentionedName


def forget_mentioned(names: Iterable[MentionedName]) -> None:
    """Delete mentioned names that no message mentions any more. Called within a transaction."""
    gone = list(names)
    MentionedName.objects.filter(pk__in=[name.pk for name in gone]).delete()
    forget_edits({f"@{name.text}" for name in gone})


def find_mentioned_in(texts: Collection[str], room_ids: Collection[int]) -> list[MentionedName]:
    """Return unused mentioned names that occur in these texts."""
    unused = MentionedName.objects.filter(room__in=room_ids, mentions=None)
    return [name for name in unused if any(name.text in text for text in texts)]


def forget_edits(words: Collection[str]) -> None:
    """Blank entries of Django's admin log that contain these words."""
    if not words:
        return
    for entry in LogEntry.objects.filter(content_type__app_label="chatlogs"):
        told = f"{entry.object_repr}\n{entry.change_message}"
        if any(word in told or json.dumps(word)[1:-1] in told for word in words):
            LogEntry.objects.filter(pk=entry.pk).update(object_repr="", change_message="")
