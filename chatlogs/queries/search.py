"""What fulfils conditions, by the search index: in order of time, and how much it is."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chatlogs import search
from chatlogs.models import Message, Room
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION, SEQUENCE_BITS
from chatlogs.queries.pages import PAGE_SIZE, Cursor, FindPositions, MessagePage, get_page, positions_of
from chatlogs.search import Lookup
from chatlogs.search.conditions import Conditions
from chatlogs.search.time_limits import Clock

# Counted exactly up to here; what is more is "10,000+".
MOST_COUNTED = 10_000

# Candidates whose texts are read at a time: few at first, for a page is soon full.
FIRST_BATCH, LARGEST_BATCH = 200, 5_000

# Nobody's transcripts lie outside, and dates near the ends of the calendar cannot be calculated with.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(9000, 1, 1)


class Part(NamedTuple):
    """Rooms that keep the same time (None: all there are), and the positions of their dates."""

    zone: ZoneInfo
    rooms: frozenset[int] | None
    low: int = LOWEST_POSITION
    high: int = HIGHEST_POSITION

    def within(self, low: int, high: int) -> Part:
        return self._replace(low=max(low, self.low), high=min(high, self.high))

    def lookup(self, conditions: Conditions) -> Lookup:
        return conditions.lookup(self.rooms, self.low, self.high)


def find_page(conditions: Conditions, cursor: Cursor, clock: Clock, size: int = PAGE_SIZE) -> MessagePage:
    """A page of what fulfils the conditions; without any, of all messages, for which no index is needed."""
    if not conditions:
        return get_page(positions_of(Message.objects.visible()), cursor, size)
    return get_page(find_positions(conditions, clock), cursor, size)


def find_positions(conditions: Conditions, clock: Clock) -> FindPositions:
    """For pages. Raises TimeIsUp when the clock says so between two statements."""
    parts = find_parts(conditions)

    def find(low: int, high: int, limit: int, oldest_first: bool) -> list[int]:
        found = [_match(conditions, part.within(low, high), limit, oldest_first, clock) for part in parts]
        return list(islice(heapq.merge(*found, reverse=not oldest_first), limit))

    return find


def find_newest(conditions: Conditions, limit: int, clock: Clock) -> Sequence[int]:
    return find_positions(conditions, clock)(LOWEST_POSITION, HIGHEST_POSITION, limit, False)


def count(conditions: Conditions, clock: Clock) -> int:
    """How many there are; one more than MOST_COUNTED stands for more than that."""
    limit = MOST_COUNTED + 1
    if conditions.need_texts:
        return len(find_newest(conditions, limit, clock))
    return min(limit, sum(search.count(part.lookup(conditions), limit) for part in find_parts(conditions)))


def find_parts(conditions: Conditions) -> list[Part]:
    """The rooms asked for, by time zone; none for what cannot be."""
    if conditions.are_impossible:
        return []
    by_zone: defaultdict[str, set[int]] = defaultdict(set)
    for room_id, zone in Room.objects.visible().values_list("pk", "time_zone"):
        if conditions.rooms is None or room_id in conditions.rooms:
            by_zone[zone].add(room_id)
    names_all = conditions.rooms is None and len(by_zone) == 1
    return [
        Part(ZoneInfo(zone), None if names_all else frozenset(rooms), *_bounds(conditions, ZoneInfo(zone)))
        for zone, rooms in by_zone.items()
    ]


def position_at(date: dt.date, zone: ZoneInfo) -> int:
    """The position that the date begins at."""
    midnight = dt.datetime.combine(min(max(date, EARLIEST), LATEST), dt.time(), zone)
    return int(midnight.timestamp()) << SEQUENCE_BITS


def _bounds(conditions: Conditions, zone: ZoneInfo) -> tuple[int, int]:
    since, until = conditions.since, conditions.until
    low = position_at(since, zone) if since else LOWEST_POSITION
    high = position_at(min(until, LATEST) + dt.timedelta(days=1), zone) if until else HIGHEST_POSITION
    return low, high


def _match(conditions: Conditions, part: Part, limit: int, oldest_first: bool, clock: Clock) -> list[int]:
    if not conditions.need_texts:
        return search.match(part.lookup(conditions), limit, oldest_first=oldest_first)
    return list(islice(_accepted(conditions, part, oldest_first, clock), limit))


def _accepted(conditions: Conditions, part: Part, oldest_first: bool, clock: Clock) -> Iterator[int]:
    """In order, those of the index's candidates whose texts fulfil the conditions, too."""
    size = FIRST_BATCH
    while True:
        clock.check()
        candidates = search.match(part.lookup(conditions), size, oldest_first=oldest_first)
        yield from _fulfilling(conditions, candidates)
        if len(candidates) < size:
            return
        last = candidates[-1]
        part = part._replace(low=last + 1) if oldest_first else part._replace(high=last)
        size = min(size * 2, LARGEST_BATCH)


def _fulfilling(conditions: Conditions, candidates: Sequence[int]) -> list[int]:
    messages = Message.objects.visible().filter(position__in=candidates).order_by()
    rows = messages.values_list("position", "alias_id", "text")
    fulfilling = {position for position, alias_id, text in rows if conditions.accept(alias_id, text)}
    return [position for position in candidates if position in fulfilling]
