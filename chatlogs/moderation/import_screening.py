"""Apply opt-outs, masks and tombstones to imported messages before anybody sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from chatlogs.db.bulk import IdAllocator, insert_rows
from chatlogs.models import Day, Message, Original, Redaction
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.moderation.personal_data import find_places, store_matches
from chatlogs.moderation.tombstones import TombstoneEntry
from chatlogs.moderation.visible_content import VisibilityChanges, refresh_visible_content
from chatlogs.people import OptedOut


class NewText(NamedTuple):
    """A message that the import has just written, with its text now and, if it existed, before."""

    message_id: int
    text: str
    former_text: str | None


def screen_messages(messages: Iterable[NewText], opted_out: OptedOut) -> VisibilityChanges:
    """Find personal data in new texts and apply decisions, in the import's transaction after the rows are written."""
    places = {}
    changed: dict[int, tuple[str, str]] = {}
    concerned = set()
    for message_id, text, former_text in messages:
        found = find_places(text, opted_out)
        if found or former_text is not None:
            places[message_id] = found
        if former_text is not None:
            changed[message_id] = (former_text, text)
        if found or former_text is not None or (opted_out and opted_out.find_spoken(text)):
            concerned.add(message_id)
    if places:
        store_matches(places, changed)
    outdated = _delete_former_originals(changed)
    return refresh_visible_content(concerned, outdated=outdated, opted_out=opted_out)


def _delete_former_originals(changed: Mapping[int, tuple[str, str]]) -> set[int]:
    """Delete originals that the import replaced, and return the ids of messages redacted in another text."""
    if not changed:
        return set()
    originals = Original.objects.filter(message__in=changed)
    outdated = set(originals.filter(is_outdated=True).values_list("message_id", flat=True))
    originals.delete()
    redacted = Redaction.objects.filter(message__in=changed).values_list("message_id", flat=True)
    return outdated | {message_id for message_id in redacted if len(set(changed[message_id])) == 2}


def state_of_new(day: Day, name: str, opted_out: OptedOut, account_hash: str = "") -> Message.State:
    """Return the state of a new message. `opted_out` is that of the day's room."""
    is_hidden = day.is_hidden or opted_out.is_hidden(name, account_hash)
    return Message.State.HIDDEN if is_hidden else Message.State.SHOWN


def create_tombstone(graves: Sequence[TombstoneEntry], day: Day, ids: IdAllocator) -> None:
    """Create empty rows for erased messages that a rebuilt database does not have."""
    if not graves:
        return
    known = set(Message.objects.filter(key__in=[grave.key for grave in graves]).values_list("key", flat=True))
    missing = [grave for grave in graves if grave.key and grave.key not in known]
    for grave, message_id in zip(missing, ids.take(len(missing)), strict=True):
        insert_rows(
            Message,
            ["id", "key", "room_id", "day_id", "position", "time", "kind", "text", "state", "is_withdrawn"],
            [(
                message_id, grave.key, day.room_id, day.pk, _free_position(day, grave),
                grave.time.isoformat(), "unsupported", "", "erased", False,
            )],
        )  # fmt: skip


def _free_position(day: Day, grave: TombstoneEntry) -> int:
    """Return the first position within the entry's second that no message has."""
    moment = dt.datetime.combine(day.date, grave.time, day.room.zone)
    start = int(moment.timestamp()) << SEQUENCE_BITS
    end = start | ((1 << SEQUENCE_BITS) - 1)
    taken: Collection[int] = set(
        Message.objects.filter(position__gte=start, position__lte=end).values_list("position", flat=True)
    )
    return next(position for position in range(start, end + 1) if position not in taken)
