"""Searches: find and count the messages that meet conditions, in order of time."""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from chatlogs import search
from chatlogs.db.timeouts import Clock
from chatlogs.models import Message, Room
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION, SEQUENCE_BITS
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.cache import read_archive, read_revision
from chatlogs.queries.pagination import PAGE_SIZE, Cursor, MessagePage, get_page, positions_of
from chatlogs.search import Lookup
from chatlogs.search.conditions import Conditions

# Counted exactly up to here; more is shown as "10,000+".
MOST_COUNTED = 10_000

# Sizes of the batches of candidates with texts to check: small at first, as a page is soon full.
FIRST_BATCH, LARGEST_BATCH = 200, 5_000

# Dates are clamped to these: arithmetic near the ends of the calendar overflows.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(9000, 1, 1)


@dataclass(frozen=True, slots=True)
class Scope:
    """The rooms that can be searched (listed, or given by slug), at a revision of the archive."""

    rooms: Mapping[int, Room]
    has_all_rooms: bool
    revision: int
    is_index_complete: bool


class ZoneScope(NamedTuple):
    """Rooms of one time zone (None for all rooms), and the range of positions of the dates searched."""

    zone: ZoneInfo
    rooms: frozenset[int] | None
    low: int = LOWEST_POSITION
    high: int = HIGHEST_POSITION

    def within(self, low: int, high: int) -> ZoneScope:
        return self._replace(low=max(low, self.low), high=min(high, self.high))

    def lookup(self, conditions: Conditions) -> Lookup:
        return conditions.lookup(self.rooms, self.low, self.high)


def read_scope(conditions: Conditions) -> Scope:
    archive = read_archive()
    access = get_room_access()
    searchable = access.listed | (conditions.rooms or frozenset())
    return Scope(
        rooms={pk: room for pk, room in access.rooms.items() if pk in searchable},
        has_all_rooms=access.is_all_listed,
        revision=read_revision(),
        is_index_complete=archive is None or archive.has_whole_index(search.VERSION),
    )


class Search:
    """A search. Raises TimeLimitExceeded between two statements when the clock has run out."""

    def __init__(self, conditions: Conditions, scope: Scope, clock: Clock) -> None:
        self.conditions = conditions
        self.scope = scope
        self.clock = clock

    @cached_property
    def parts(self) -> list[ZoneScope]:
        """The searched rooms by time zone; empty for impossible conditions."""
        if self.conditions.are_impossible:
            return []
        by_zone: defaultdict[str, set[int]] = defaultdict(set)
        for room_id, room in self.scope.rooms.items():
            if self.conditions.rooms is None or room_id in self.conditions.rooms:
                by_zone[room.time_zone].add(room_id)
        has_all_rooms = self.conditions.rooms is None and self.scope.has_all_rooms and len(by_zone) == 1
        since, until = self.conditions.since, self.conditions.until
        day_after = min(until, LATEST) + dt.timedelta(days=1) if until else None
        return [
            ZoneScope(
                zone,
                None if has_all_rooms else frozenset(by_zone[zone.key]),
                low=position_at(since, zone) if since else LOWEST_POSITION,
                high=position_at(day_after, zone) if day_after else HIGHEST_POSITION,
            )
            for zone in map(ZoneInfo, by_zone)
        ]

    @cached_property
    def newest(self) -> Sequence[int]:
        """The positions of the newest MOST_COUNTED + 1 messages."""
        return self.find(LOWEST_POSITION, HIGHEST_POSITION, MOST_COUNTED + 1, False)

    def count(self) -> int:
        """Return the number of messages; MOST_COUNTED + 1 stands for any larger number."""
        return len(self.newest) if "newest" in vars(self) else count_each([self])[0]

    def page(self, cursor: Cursor, size: int = PAGE_SIZE) -> MessagePage:
        return get_page(self.find, cursor, size)

    def find(self, low: int, high: int, limit: int, oldest_first: bool) -> Sequence[int]:
        """Return positions for `get_page`. Without conditions, the index is not used."""
        if not self.conditions:
            return positions_of(Message.objects.listed())(low, high, limit, oldest_first)
        known = self._find_known(low, high, limit, oldest_first)
        if known is not None:
            return known
        found = [self._find_in(part.within(low, high), limit, oldest_first) for part in self.parts]
        return list(islice(heapq.merge(*found, reverse=not oldest_first), limit))

    def _find_known(self, low: int, high: int, limit: int, oldest_first: bool) -> Sequence[int] | None:
        """Return the positions from `newest`, if it was already computed and has all of them."""
        if "newest" not in vars(self):
            return None
        between = [position for position in self.newest if low <= position < high]
        if len(self.newest) <= MOST_COUNTED:
            return between[: -limit - 1 : -1] if oldest_first else between[:limit]
        return between[:limit] if not oldest_first and len(between) >= limit else None

    def _find_in(self, part: ZoneScope, limit: int, oldest_first: bool) -> list[int]:
        if self.conditions.need_texts:
            return list(islice(self._read_accepted(part, oldest_first), limit))
        return search.match(part.lookup(self.conditions), limit, oldest_first=oldest_first)

    def _read_accepted(self, part: ZoneScope, oldest_first: bool) -> Iterator[int]:
        """Yield the candidates from the index whose texts meet the conditions, too, in order."""
        size = FIRST_BATCH
        while True:
            self.clock.check()
            candidates = search.match(part.lookup(self.conditions), size, oldest_first=oldest_first)
            yield from self._accept(candidates, part)
            if len(candidates) < size:
                return
            last = candidates[-1]
            part = part._replace(low=last + 1) if oldest_first else part._replace(high=last)
            size = min(size * 2, LARGEST_BATCH)

    def _accept(self, candidates: Sequence[int], part: ZoneScope) -> list[int]:
        """Filter candidates, reading only the texts that have to be checked: for Chinese words, one in twenty."""
        doubtful = Message.objects.visible().filter(position__in=self._doubtful(candidates, part)).order_by()
        if words := self.conditions.plain_words:
            doubtful = doubtful.exclude(*(Q(text__contains=word) for word in words))
        rows = doubtful.values_list("position", "alias_id", "text")
        refused = {position for position, alias_id, text in rows if not self.conditions.accept(alias_id, text)}
        return [position for position in candidates if position not in refused]

    def _doubtful(self, candidates: Sequence[int], part: ZoneScope) -> Collection[int]:
        """Return the candidates to check: all, or only those that may contain an excluded term."""
        terms = self.conditions.doubted_for
        if not terms or not candidates:
            return candidates
        lookup = part.within(min(candidates), max(candidates) + 1).lookup(self.conditions)
        return {
            position
            for term in terms
            for position in search.match(lookup.with_tokens(term.tokens), len(candidates), oldest_first=True)
        }


def count_each(searches: Sequence[Search]) -> list[int]:
    """Return the count of each search; those that need no texts share one statement."""
    counts = [len(one.newest) if one.conditions.need_texts else 0 for one in searches]
    parts = [
        (place, part.lookup(one.conditions))
        for place, one in enumerate(searches)
        if not one.conditions.need_texts
        for part in one.parts
    ]
    numbers = search.count([lookup for _, lookup in parts], MOST_COUNTED + 1)
    for (place, _), number in zip(parts, numbers, strict=True):
        counts[place] = min(counts[place] + number, MOST_COUNTED + 1)
    return counts


def position_at(date: dt.date, zone: ZoneInfo) -> int:
    """Return the position at which the date begins."""
    midnight = dt.datetime.combine(min(max(date, EARLIEST), LATEST), dt.time(), zone)
    return int(midnight.timestamp()) << SEQUENCE_BITS
