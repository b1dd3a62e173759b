"""Counts of shown messages by day and by alias."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Max, Min

from chatlogs.db.bulk import execute_for_rows, in_batches
from chatlogs.models import Alias, Day, Message


class Counts(NamedTuple):
    message_count: int
    first_seen: dt.date | None
    last_seen: dt.date | None


NEVER = Counts(0, None, None)

SET_ALIASES = """
    UPDATE chatlogs_alias SET message_count = given.column2, first_seen = given.column3, last_seen = given.column4
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""
SET_DAYS = """
    UPDATE chatlogs_day SET message_count = given.column2, member_count = given.column3
    FROM {given} AS given
    WHERE chatlogs_day.id = given.column1
"""


@transaction.atomic
def recount_names(alias_ids: Collection[int] | None = None) -> None:
    """Update the message counts and the first and last dates of these aliases, or of all."""
    if alias_ids is None:
        stored = {pk: Counts(*counts) for pk, *counts in Alias.objects.values_list("pk", *Counts._fields)}
        counted = _count_names()
        _set_names({pk: counted.get(pk, NEVER) for pk, counts in stored.items() if counts != counted.get(pk, NEVER)})
        return
    for some in in_batches(sorted(alias_ids)):
        counted = _count_names(some)
        _set_names({pk: counted.get(pk, NEVER) for pk in some})


def recount_days(day_ids: Collection[int]) -> None:
    """Update the counts of messages and members of these days, and their revisions. Within a transaction."""
    for some in in_batches(sorted(day_ids)):
        messages: Counter[int] = Counter()
        members: defaultdict[int, int] = defaultdict(int)
        spoken = Message.objects.shown().filter(day__in=some).order_by().values_list("day_id")
        for day_id, count, speaking in spoken.annotate(Count("pk"), Count("alias__member", distinct=True)):
            messages[day_id], members[day_id] = count, speaking
        execute_for_rows(
            SET_DAYS,
            "(%s::bigint, %s::integer, %s::integer)",
            [(day_id, messages[day_id], members[day_id]) for day_id in some],
        )
        touch_days(some)


def touch_days(day_ids: Sequence[int]) -> None:
    """Increase the revisions of days that changed without a change of their counts."""
    for some in in_batches(day_ids):
        Day.objects.filter(pk__in=some).update(revision=F("revision") + 1)


def _count_names(alias_ids: Collection[int] | None = None) -> dict[int, Counts]:
    messages = Message.objects.shown().filter(alias__isnull=False).order_by()
    if alias_ids is not None:
        messages = messages.filter(alias__in=alias_ids)
    counted = messages.values_list("alias_id").annotate(Count("pk"), Min("day__date"), Max("day__date"))
    return {pk: Counts(count, first, last) for pk, count, first, last in counted}


def _set_names(counts: dict[int, Counts]) -> None:
    rows = [
        (pk, count, first and first.isoformat(), last and last.isoformat())
        for pk, (count, first, last) in counts.items()
    ]
    execute_for_rows(SET_ALIASES, "(%s::bigint, %s::integer, %s::date, %s::date)", rows)
