from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from chatlogs.audit import locked_archive, log_action
from chatlogs.editorial.highlights import WRITTEN, invalidate_days
from chatlogs.models import Day, DayNote, ModerationAction

ActionKind = ModerationAction.Kind


@locked_archive()
def write_note(day: Day, text: str, *, by: User | None) -> ModerationAction | None:
    """Set the day's note; "" removes it. Return None if nothing changes."""
    note = DayNote.objects.filter(day=day).first() or DayNote(day=day)
    before, note.text = note.text, text.strip()
    if note.text == before:
        return None
    note.changed_by, note.changed_at = by, timezone.now()
    note.save()
    invalidate_days([day.pk])
    change = {"day": [day.room.slug, day.date.isoformat()], "note": [bool(before), bool(note.text)]}
    return log_action(ActionKind.NOTE, [change], by=by, reason=WRITTEN)
