"""How much a search finds, kept as long as nothing that readers see has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Max, Min, Sum

from chatlogs.models import Day
from chatlogs.queries.facets import Counts, Facets, count_by_facet, describe
from chatlogs.queries.search import Search
from chatlogs.search import VERSION
from chatlogs.search.conditions import Conditions

SECONDS_KEPT = 24 * 3600
SECONDS_GIVEN_UP = 600


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search looked through: the messages of its rooms and dates, the first of these and the last."""

    messages: int
    first: dt.date | None
    last: dt.date | None


def find_searched(conditions: Conditions) -> Searched:
    days = Day.objects.listed().with_messages()
    if conditions.rooms is not None:
        days = Day.objects.visible().with_messages().filter(room__in=conditions.rooms)
    if conditions.since:
        days = days.filter(date__gte=conditions.since)
    if conditions.until:
        days = days.filter(date__lte=conditions.until)
    sums = days.aggregate(messages=Sum("message_count"), first=Min("date"), last=Max("date"))
    return Searched(sums["messages"] or 0, sums["first"], sums["last"])


def get_count(search: Search) -> int:
    """What the search counts."""
    number: int = _keep("count", search, search.count)
    return number


def get_facets(search: Search) -> Facets | None:
    """What `count_by_facet` counts, described."""
    counts: Counts | None = _keep("facets", search, lambda: count_by_facet(search))
    return describe(counts, search.scope.rooms) if counts else None


def is_known_to_be_slow(search: Search) -> bool:
    """Whether counting by facets was given up a short time ago."""
    return cache.get(_name("slow", search)) is not None


def remember_to_be_slow(search: Search) -> None:
    cache.set(_name("slow", search), True, SECONDS_GIVEN_UP)


def _keep(name: str, search: Search, figure: Callable[[], Any]) -> Any:
    """By what was asked, by what the asker may enter, and by the revision: a change makes all of them anew.

    The scope was read first, so that what changes meanwhile cannot be kept under the revision after.
    """
    return cache.get_or_set(_name(name, search), figure, SECONDS_KEPT)


def _name(name: str, search: Search) -> str:
    rooms = sorted((pk, room.is_unlisted) for pk, room in search.scope.rooms.items())
    asked = repr((name, VERSION, search.scope.revision, rooms, search.conditions.fingerprint()))
    return sha256(asked.encode()).hexdigest()
