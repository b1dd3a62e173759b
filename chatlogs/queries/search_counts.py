"""Counts of search results, cached per revision of the archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Max, Min, Sum

from chatlogs.models import Day
from chatlogs.queries.cache import cached_by_revision, make_key
from chatlogs.queries.facets import Facets, count_by_facet, describe
from chatlogs.queries.search import Search
from chatlogs.search import VERSION
from chatlogs.search.conditions import Conditions

SECONDS_GIVEN_UP = 600


@dataclass(frozen=True, slots=True)
class Searched:
    """The messages within the rooms and dates of a search, with the first and last date."""

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
    return cached_by_revision("count", _identify(search), search.count)


def get_facets(search: Search) -> Facets | None:
    counts = cached_by_revision("facets", _identify(search), lambda: count_by_facet(search))
    return describe(counts, search.scope.rooms) if counts else None


def is_known_to_be_slow(search: Search) -> bool:
    """Return whether counting by facets timed out in the last SECONDS_GIVEN_UP."""
    return cache.get(make_key("slow", _identify(search))) is not None


def remember_to_be_slow(search: Search) -> None:
    cache.set(make_key("slow", _identify(search)), True, SECONDS_GIVEN_UP)


def _identify(search: Search) -> object:
    """Return everything that a count depends on."""
    rooms = sorted((pk, room.is_unlisted) for pk, room in search.scope.rooms.items())
    return VERSION, search.scope.revision, rooms, search.conditions.fingerprint()
