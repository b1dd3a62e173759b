"""How much a search finds, kept as long as nothing that readers see has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Min, Sum

from chatlogs.models import Archive, Day, Room
from chatlogs.queries.facets import Counts, Facets, count_by_facet, describe
from chatlogs.queries.search import count
from chatlogs.search import VERSION
from chatlogs.search.conditions import Conditions
from chatlogs.search.time_limits import Clock

SECONDS_KEPT = 24 * 3600


def is_index_complete() -> bool:
    """Whether all that readers may see can be found; not while the index is being built."""
    archive = Archive.objects.first()
    return archive is None or archive.has_whole_index(VERSION)


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search looked through: the messages of its rooms and dates, the first of these and the last."""

    messages: int
    first: dt.date | None
    last: dt.date | None


def find_searched(conditions: Conditions) -> Searched:
    days = Day.objects.visible().with_messages()
    if conditions.rooms is not None:
        days = days.filter(room__in=conditions.rooms)
    if conditions.since:
        days = days.filter(date__gte=conditions.since)
    if conditions.until:
        days = days.filter(date__lte=conditions.until)
    sums = days.aggregate(messages=Sum("message_count"), first=Min("date"), last=Max("date"))
    return Searched(sums["messages"] or 0, sums["first"], sums["last"])


def get_count(conditions: Conditions, clock: Clock) -> int:
    """What `count` counts."""
    number: int = _keep("count", conditions, lambda: count(conditions, clock))
    return number


def get_facets(conditions: Conditions, clock: Clock) -> Facets | None:
    """What `count_by_facet` counts, described."""
    counts: Counts | None = _keep("facets", conditions, lambda: count_by_facet(conditions, clock))
    return describe(counts) if counts else None


def _keep(name: str, conditions: Conditions, figure: Callable[[], Any]) -> Any:
    """By what was asked, by what the asker may see, and by the revision: a change makes all of them anew.

    The revision is read first, so that what changes meanwhile cannot be kept under the one after.
    """
    revision = Archive.objects.values_list("revision", flat=True).first()
    rooms = sorted(Room.objects.visible().values_list("pk", flat=True))
    asked = repr((name, VERSION, revision, rooms, conditions.fingerprint()))
    return cache.get_or_set(sha256(asked.encode()).hexdigest(), figure, SECONDS_KEPT)
