"""By what a search can be narrowed: its messages by room, month, member and kind."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Max, Min

from chatlogs import search
from chatlogs.models import Alias, Day, Member, Message, Room
from chatlogs.queries.search import MOST_COUNTED, find_newest, find_parts, position_at
from chatlogs.search.conditions import Conditions
from chatlogs.search.tallies import make_tally
from chatlogs.search.time_limits import Clock

MOST_MEMBERS = 20
BATCH = 5_000

Key = TypeVar("Key", int, str)


@dataclass(slots=True)
class Counts:
    """Messages by room id, by the first of the month, by kind, and by member id (the most active alone)."""

    rooms: Counter[int] = field(default_factory=Counter)
    months: Counter[dt.date] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    members: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class MonthCount:
    first: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class YearCount:
    number: int
    count: int
    months: Sequence[MonthCount]


@dataclass(frozen=True, slots=True)
class Facets:
    """Each with its count, the largest first; years and months the newest first."""

    rooms: Sequence[tuple[Room, int]]
    years: Sequence[YearCount]
    kinds: Sequence[tuple[Message.Kind, int]]
    members: Sequence[tuple[Member, int]]


def count_by_facet(conditions: Conditions, clock: Clock) -> Counts | None:
    """Exact counts. None where there are too many messages whose texts would have to be read."""
    positions = find_newest(conditions, MOST_COUNTED + 1, clock)
    if len(positions) <= MOST_COUNTED:
        return _count_messages(conditions, positions, clock)
    if conditions.need_texts:
        return None
    return _count_in_index(conditions, _speakers(positions, clock))


def describe(counts: Counts) -> Facets:
    """The counts with what they count."""
    rooms = Room.objects.visible().in_bulk(counts.rooms)
    members = Member.objects.in_bulk(counts.members)
    months = sorted(((month, count) for month, count in counts.months.items() if count), reverse=True)
    return Facets(
        rooms=[(rooms[pk], count) for pk, count in _largest_first(counts.rooms) if pk in rooms],
        years=[_year(number, list(of_year)) for number, of_year in groupby(months, key=lambda month: month[0].year)],
        kinds=[(Message.Kind(kind), count) for kind, count in _largest_first(counts.kinds)],
        members=[(members[pk], count) for pk, count in _largest_first(counts.members) if pk in members],
    )


def _count_messages(conditions: Conditions, positions: Sequence[int], clock: Clock) -> Counts:
    """By reading what each message is."""
    counts = Counts()
    aliases: Counter[int] = Counter()
    zones = {room_id: ZoneInfo(zone) for room_id, zone in Room.objects.values_list("pk", "time_zone")}
    months = _find_months(conditions)
    bounds = {zone: _bounds(months, zone) for zone in set(zones.values())}
    for position, room_id, alias_id, kind in _read(positions, clock):
        counts.rooms[room_id] += 1
        counts.kinds[kind] += 1
        counts.months[months[bisect_right(bounds[zones[room_id]], position) - 1]] += 1
        if alias_id:
            aliases[alias_id] += 1
    counts.members = Counter(dict(_by_member(aliases).most_common(MOST_MEMBERS)))
    return counts


def _count_in_index(conditions: Conditions, newest: Counter[int]) -> Counts:
    """By asking the index. `newest` are the senders of the newest messages: the members counted."""
    counts = Counts()
    months = _find_months(conditions)
    members = [member_id for member_id, _ in _by_member(newest).most_common(MOST_MEMBERS)]
    owners = dict(Alias.objects.filter(member__in=members).values_list("pk", "member_id"))
    for part in find_parts(conditions):
        rooms = part.rooms or Room.objects.visible().values_list("pk", flat=True)
        tally = make_tally(rooms, owners, _bounds(months, part.zone))
        search.tally(part.lookup(conditions), tally)
        counts.rooms += Counter(tally.rooms)
        counts.kinds += Counter(tally.kinds)
        counts.months += Counter(dict(zip(months, tally.spans, strict=False)))
        for alias_id, count in tally.aliases.items():
            counts.members[owners[alias_id]] += count
    return counts


def _speakers(positions: Sequence[int], clock: Clock) -> Counter[int]:
    return Counter(alias_id for _, _, alias_id, _ in _read(positions, clock) if alias_id)


def _read(positions: Sequence[int], clock: Clock) -> Iterator[tuple[int, int, int | None, str]]:
    for start in range(0, len(positions), BATCH):
        clock.check()
        messages = Message.objects.visible().filter(position__in=positions[start : start + BATCH]).order_by()
        yield from messages.values_list("position", "room_id", "alias_id", "kind")


def _by_member(aliases: Counter[int]) -> Counter[int]:
    members: Counter[int] = Counter()
    for alias_id, member_id in Alias.objects.filter(pk__in=aliases).order_by("pk").values_list("pk", "member_id"):
        members[member_id] += aliases[alias_id]
    return members


def _find_months(conditions: Conditions) -> list[dt.date]:
    """The first of each month that a message can be of, and of the one after, which ends the last."""
    span = Day.objects.visible().with_messages().aggregate(first=Min("date"), last=Max("date"))
    if span["first"] is None:
        return []
    first, last = (
        max(conditions.since or span["first"], span["first"]),
        min(conditions.until or span["last"], span["last"]),
    )
    months = [first.replace(day=1)]
    while months[-1] <= last:
        months.append((months[-1] + dt.timedelta(days=31)).replace(day=1))
    return months


def _bounds(months: Sequence[dt.date], zone: ZoneInfo) -> list[int]:
    return [position_at(month, zone) for month in months]


def _year(number: int, months: list[tuple[dt.date, int]]) -> YearCount:
    return YearCount(number, sum(count for _, count in months), [MonthCount(*month) for month in months])


def _largest_first(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(((key, count) for key, count in counts.items() if count), key=lambda item: (-item[1], item[0]))
