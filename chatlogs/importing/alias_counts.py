"""How often, and from when to when, readers see each name."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Min

from chatlogs.bulk import execute_for_rows
from chatlogs.importing.message_rows import Written
from chatlogs.models import Alias, Message


class Counts(NamedTuple):
    message_count: int
    first_seen: dt.date | None
    last_seen: dt.date | None


NEVER = Counts(0, None, None)

ADD = """
    UPDATE chatlogs_alias SET
        message_count = message_count + given.column2,
        first_seen = CASE WHEN first_seen < given.column3 THEN first_seen ELSE given.column3 END,
        last_seen = CASE WHEN last_seen > given.column3 THEN last_seen ELSE given.column3 END
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""
SET = """
    UPDATE chatlogs_alias SET message_count = given.column2, first_seen = given.column3, last_seen = given.column4
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""


def count_day(date: dt.date, written: Written) -> None:
    """Bring the counts up to date after one day's messages were written."""
    before, after = written.shown_before, written.shown_after
    changes = [
        (alias_id, after[alias_id] - before[alias_id], date.isoformat())
        for alias_id in before | after
        if alias_id is not None and after[alias_id] != before[alias_id]
    ]
    execute_for_rows(ADD, "(%s::bigint, %s::integer, %s::date)", changes)
    lost = [alias_id for alias_id, _, _ in changes if not after[alias_id]]
    if lost:
        _set({alias_id: _count(alias_id).get(alias_id, NEVER) for alias_id in lost})


@transaction.atomic
def recount() -> None:
    """Count all messages: after a first load, which leaves counting to its end, or a run that never ended."""
    stored = {pk: Counts(*counts) for pk, *counts in Alias.objects.values_list("pk", *Counts._fields)}
    counted = _count()
    _set({pk: counted.get(pk, NEVER) for pk, counts in stored.items() if counts != counted.get(pk, NEVER)})


def _count(alias_id: int | None = None) -> dict[int, Counts]:
    messages = Message.objects.shown().filter(alias__isnull=False).order_by()
    if alias_id is not None:
        messages = messages.filter(alias_id=alias_id)
    rows = messages.values_list("alias_id").annotate(Count("pk"), Min("day__date"), Max("day__date"))
    return {pk: Counts(*counts) for pk, *counts in rows}


def _set(counts: dict[int, Counts]) -> None:
    rows = [
        (pk, count, first and first.isoformat(), last and last.isoformat())
        for pk, (count, first, last) in counts.items()
    ]
    execute_for_rows(SET, "(%s::bigint, %s::integer, %s::date, %s::date)", rows)
