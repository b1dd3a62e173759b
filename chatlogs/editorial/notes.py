from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from chatlogs.audit import alone, record
from chatlogs.editorial.highlights import WRITTEN, show_anew
from chatlogs.models import Day, DayNote, ModerationAction

Verb = ModerationAction.Verb


@alone()
def write_note(day: Day, text: str, *, by: User | None) -> ModerationAction | None:
    """The day's note, from now on; "" takes it back. None where it says so already."""
    note = DayNote.objects.filter(day=day).first() or DayNote(day=day)
    before, note.text = note.text, text.strip()
    if note.text == before:
        return None
    note.changed_by, note.changed_at = by, timezone.now()
    note.save()
    show_anew([day.pk])
    change = {"day": [day.room.slug, day.date.isoformat()], "note": [bool(before), bool(note.text)]}
    return record(Verb.NOTE, [change], by=by, reason=WRITTEN)
