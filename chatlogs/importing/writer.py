"""Writes a planned day: names, messages, the file's row and segments, evidence and counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import connection
from django.utils import timezone

from chatlogs.db.bulk import IdAllocator, execute_for_rows, insert_rows
from chatlogs.importing.files import FileFacts
from chatlogs.importing.keys import MessageKeys
from chatlogs.importing.message_rows import MessageRows, Written
from chatlogs.importing.name_evidence import write_name_evidence
from chatlogs.importing.plans import UNKNOWN_DIGEST, DayPlan
from chatlogs.importing.rules import Rules
from chatlogs.models import Archive, Day, Message, Room, Segment, SourceFile
from chatlogs.models.counters import recount_days, recount_names
from chatlogs.models.revision import bump_revision
from chatlogs.moderation.decisions.apply import carry_out, carry_out_on_erased
from chatlogs.moderation.import_screening import create_tombstone, screen_messages
from chatlogs.moderation.tombstones import Withheld
from chatlogs.moderation.visible_content import VisibilityChanges
from chatlogs.people import AliasBook
from chatlogs.transcripts import PARSER_VERSION, Kind, Transcript

ADD = """
    UPDATE chatlogs_alias SET
        message_count = message_count + given.column2,
        first_seen = CASE WHEN first_seen < given.column3 THEN first_seen ELSE given.column3 END,
        last_seen = CASE WHEN last_seen > given.column3 THEN last_seen ELSE given.column3 END
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""


def count_day(date: dt.date, written: Written) -> None:
    """Update the counts and dates of names after one day's messages were written."""
    before, after = written.shown_before, written.shown_after
    changes = [
        (alias_id, after[alias_id] - before[alias_id], date.isoformat())
        for alias_id in before | after
        if alias_id is not None and after[alias_id] != before[alias_id]
    ]
    execute_for_rows(ADD, "(%s::bigint, %s::integer, %s::date)", changes)
    lost = [alias_id for alias_id, _, _ in changes if not after[alias_id]]
    if lost:
        recount_names(lost)


class RoomWriter:
    """Writes the planned days of one room. It must not be used again after an exception.

    With `counts_later`, the caller must recount all names at the end.
    """

    def __init__(self, archive: Archive, slug: str, rules: Rules, *, counts_later: bool = False) -> None:
        self._rules = rules
        self._counts_later = counts_later
        self._archive_key = bytes(archive.key)
        self._account_key = bytes(archive.account_key)
        self._room, _ = Room.objects.get_or_create(slug=slug)
        self._aliases = AliasBook(archive, self._room, rules.opted_out)
        self._day_ids = IdAllocator(Day)
        self._message_ids = IdAllocator(Message)
        awaited = Day.objects.select_related("room").filter(room=self._room, source_file=None)
        self._awaited = {day.date: day for day in awaited}

    def write(self, plan: DayPlan, facts: FileFacts, withheld: Withheld) -> None:
        date = plan.transcript.date
        assert date is not None, "a transcript without a date is rejected"
        if plan.stored:
            day = plan.stored.source_file.day
        else:
            awaited = self._awaited.pop(date, None)  # The row of a day that was hidden before it was imported.
            day = awaited or Day(pk=self._day_ids.take(1)[0], room=self._room, date=date)
        alias_ids = self._aliases.resolve({content.speaker for content in plan.contents} | {plan.speaker})
        taken = {*(message.key for message in plan.stored_messages), *plan.known_keys.values()}
        taken |= self._rules.tombstones.taken_keys(date)
        keys = MessageKeys(self._archive_key, self._room.slug, date, taken)
        written = MessageRows(plan, day, keys, self._message_ids, alias_ids, self._rules).write()
        shown, members = written.shown_after, self._aliases.member_ids
        day.speaker_id = alias_ids[plan.speaker]
        day.message_count = shown.total()
        day.member_count = len({members[alias_id] for alias_id, count in shown.items() if alias_id and count})
        day.revision += 1
        day.has_mentions_resolved = False
        _save(day, is_new=day._state.adding)
        _write_source(plan, day, written, facts, withheld)
        write_name_evidence(plan, day.pk, self._account_key, alias_ids)
        if not self._counts_later:
            count_day(date, written)
        self._conceal(day, screen_messages(written.new_texts, self._rules.opted_out))
        self._conceal(day, carry_out(written.decided))
        create_tombstone(withheld.graves, day, self._message_ids)
        self._conceal(day, carry_out_on_erased(self._rules.pending, day, withheld.graves))
        for tombstone in withheld.changed:
            tombstone.save()
        if self._rules.tombstones.taken_keys(date):
            recount_days([day.pk])  # Purged messages are shown, but have no source in the transcript.
        bump_revision()

    def write_name_evidence(self, plan: DayPlan) -> None:
        """Write the evidence of a file that has not changed otherwise."""
        assert plan.stored, "an unchanged day is stored"
        alias_ids = self._aliases.resolve({content.speaker for content in plan.contents})
        write_name_evidence(plan, plan.stored.source_file.pk, self._account_key, alias_ids)

    def _conceal(self, day: Day, concealed: VisibilityChanges) -> None:
        """Recount names and members if an author was hidden."""
        if concealed.alias_ids:
            recount_days([day.pk])
            if not self._counts_later:
                recount_names(concealed.alias_ids)


def _write_source(plan: DayPlan, day: Day, written: Written, facts: FileFacts, withheld: Withheld) -> None:
    """Write the file's row and replace its segments."""
    transcript = plan.transcript
    source_file = SourceFile(
        day=day,
        path=facts.location,
        size=facts.size,
        modified_ns=facts.modified_ns,
        sha256=UNKNOWN_DIGEST if withheld.is_partial else facts.sha256,
        encoding=facts.encoding,
        parser_version=PARSER_VERSION,
        front=transcript.front.source,
        imported_at=timezone.now(),
        **count_source(transcript),
    )
    _save(source_file, is_new=not plan.stored)
    if plan.stored:
        Segment.objects.filter(source_file=source_file).delete()
    rows: list[tuple[int, int, int | None, bytes]] = [
        (message_id, day.pk, number, entry.source)
        for number, (message_id, entry) in enumerate(zip(written.ids, transcript.entries, strict=True))
    ]
    rows += [(gone.pk, day.pk, None, _source_of_absent(gone, plan, facts.encoding)) for gone in plan.absent]
    insert_rows(Segment, ["message_id", "source_file_id", "number", "source"], rows)


def _source_of_absent(message: Message, plan: DayPlan, encoding: str) -> bytes:
    """Return the source in the file's present encoding, so that the message still matches if it returns."""
    source = bytes(message.segment.source)
    before = plan.stored.source_file.encoding if plan.stored else encoding
    return source if before == encoding else source.decode(before).encode(encoding, "replace")


def _save(row: Day | SourceFile, *, is_new: bool) -> None:
    """Save the row; insert it without `save()`, which takes half a millisecond to build its statement."""
    if not is_new:
        row.save(force_update=True)
        return
    fields = row._meta.concrete_fields
    values = ((field, getattr(row, field.attname)) for field in fields)
    columns = [
        value if isinstance(value, bytes) else field.get_db_prep_save(value, connection) for field, value in values
    ]
    insert_rows(type(row), [str(field.column) for field in fields], [columns])


def count_source(transcript: Transcript) -> dict[str, int]:
    """Return the counters of SourceFile by field."""
    kinds = Counter(entry.kind for entry in transcript.entries)
    return {
        "message_count": len(transcript.entries),
        "shown_count": len(transcript.entries) - len(transcript.duplicates),
        "image_count": kinds[Kind.IMAGE],
        "link_count": kinds[Kind.LINK] + kinds[Kind.FILE],
        "empty_sender_count": sum(not entry.sender for entry in transcript.entries),
        "empty_body_count": sum(entry.is_empty for entry in transcript.entries),
    }
