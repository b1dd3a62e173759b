"""Counts of a search's messages by room, month, member and attribute."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Max, Min
from django.utils import translation

from chatlogs import search as index
from chatlogs.models import Alias, Day, Member, Message, Room
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.search import MOST_COUNTED, Search, position_at
from chatlogs.search import Tally
from chatlogs.search.attributes import ATTRIBUTES, Attribute
from chatlogs.search.conditions import Conditions

MOST_MEMBERS = 20
MOST_VALUES = 20

# If there are too many messages to read each, only the members who sent most of the newest ones are counted.
MOST_READ = 2_000
BATCH = 5_000

Key = TypeVar("Key", int, str)


@dataclass(slots=True)
class FacetCounts:
    """Counts by room id, first day of the month, member id (the most active only), and name and value of attributes
    (the most frequent values only)."""

    rooms: Counter[int] = field(default_factory=Counter)
    months: Counter[dt.date] = field(default_factory=Counter)
    members: Counter[int] = field(default_factory=Counter)
    attributes: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in ATTRIBUTES})


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
class ValueCount:
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class AttributeCounts:
    attribute: Attribute
    values: Sequence[ValueCount]


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts, largest first; years and months newest first; attributes without messages are left out."""

    rooms: Sequence[tuple[Room, int]]
    years: Sequence[YearCount]
    members: Sequence[tuple[Member, int]]
    attributes: Sequence[AttributeCounts]


def count_by_facet(search: Search) -> FacetCounts | None:
    """Return exact counts, or None if the texts of too many messages would have to be read."""
    if len(search.newest) <= MOST_COUNTED:
        return _count_messages(search)
    return None if search.conditions.need_texts else _count_in_index(search)


def describe(counts: FacetCounts, rooms: Mapping[int, Room]) -> Facets:
    """Replace the ids in the counts by rooms, members and labels."""
    members = Member.objects.listed().in_bulk(counts.members)
    months = sorted(((month, count) for month, count in counts.months.items() if count), reverse=True)
    years = []
    for number, pairs in groupby(months, key=lambda month: month[0].year):
        in_year = [MonthCount(*pair) for pair in pairs]
        years.append(YearCount(number, sum(month.count for month in in_year), in_year))
    attributes = []
    for name, attribute in ATTRIBUTES.items():
        if largest := _largest_first(counts.attributes[name]):
            labels = {value: translation.gettext(label) for value, label in attribute.choices.items()}
            values = [ValueCount(value, labels.get(value, value), count) for value, count in largest]
            attributes.append(AttributeCounts(attribute, values))
    return Facets(
        rooms=[(rooms[pk], count) for pk, count in _largest_first(counts.rooms) if pk in rooms],
        years=years,
        members=[(members[pk], count) for pk, count in _largest_first(counts.members) if pk in members],
        attributes=attributes,
    )


def _count_messages(search: Search) -> FacetCounts:
    """Count by reading each message."""
    counts = FacetCounts()
    members: Counter[int] = Counter()
    calendars = {zone: Calendar(zone) for zone in {room.time_zone for room in search.scope.rooms.values()}}
    columns = {attribute.column: Counter[Any]() for attribute in ATTRIBUTES.values()}
    for position, room_id, member_id, *values in _read(search, columns):
        room = search.scope.rooms[room_id]
        counts.rooms[room_id] += 1
        counts.months[calendars[room.time_zone].month_of(position)] += 1
        if member_id:
            members[member_id] += 1
        for column, value in zip(columns.values(), values, strict=True):
            column[value] += 1
    counts.members = Counter(dict(_largest_first(members)[:MOST_MEMBERS]))
    counts.attributes = _count_attributes(columns)
    return counts


def _count_in_index(search: Search) -> FacetCounts:
    """Count in the index. The members are the most active senders of the newest messages."""
    counts = FacetCounts()
    columns = {attribute.column: Counter[Any]() for attribute in ATTRIBUTES.values()}
    newest: Counter[int] = Counter()
    for _, _, member_id, *values in _read(search, columns, MOST_READ):
        if member_id:
            newest[member_id] += 1
        for column, value in zip(columns.values(), values, strict=True):
            column[value] += 1
    frequent = _count_attributes(columns)
    members = [member_id for member_id, _ in _largest_first(newest)[:MOST_MEMBERS]]
    owners = dict(Alias.objects.listed().filter(member__in=members).order_by("pk").values_list("pk", "member_id"))
    months = _find_months(search.conditions)
    for part in search.parts:
        tally = Tally(
            rooms=dict.fromkeys(part.rooms or search.scope.rooms, 0),
            aliases=dict.fromkeys(owners, 0),
            attributes={
                name: dict.fromkeys(attribute.choices or frequent[name], 0) for name, attribute in ATTRIBUTES.items()
            },
            bounds=[position_at(month, part.zone) for month in months],
            spans=[0] * max(0, len(months) - 1),
        )
        index.tally(part.lookup(search.conditions), tally)
        counts.rooms += Counter(tally.rooms)
        for name, by_value in tally.attributes.items():
            counts.attributes[name] += Counter(by_value)
        counts.months += Counter(dict(zip(months, tally.spans, strict=False)))
        for alias_id, count in tally.aliases.items():
            counts.members[owners[alias_id]] += count
    return counts


def _count_attributes(columns: Mapping[str, Counter[Any]]) -> dict[str, Counter[str]]:
    """Return the counts of each attribute's most frequent values, from counts of column contents."""
    counts = {}
    for name, attribute in ATTRIBUTES.items():
        values: Counter[str] = Counter()
        for content, count in columns[attribute.column].items():
            for value in attribute.values_of(content):
                values[value] += count
        counts[name] = Counter(dict(_largest_first(values)[:MOST_VALUES]))
    return counts


def _read(search: Search, columns: Iterable[str], most: int = MOST_COUNTED) -> Iterator[tuple[Any, ...]]:
    """Yield position, room id, member id (None in unlisted rooms) and the columns of the newest messages."""
    listed = get_room_access().listed
    for start in range(0, min(most, len(search.newest)), BATCH):
        search.clock.check()
        positions = search.newest[start : min(most, start + BATCH)]
        messages = Message.objects.visible().filter(position__in=positions, room__in=search.scope.rooms).order_by()
        rows = messages.values_list("position", "room_id", "alias__member_id", *columns)
        for position, room_id, member_id, *values in rows:
            yield position, room_id, member_id if room_id in listed else None, *values


class Calendar:
    """Maps positions to months. Caches the last month, as adjacent positions mostly share it."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._month, self._low, self._high = dt.date.min, 0, 0

    def month_of(self, position: int) -> dt.date:
        if not self._low <= position < self._high:
            moment = dt.datetime.fromtimestamp(position >> SEQUENCE_BITS, self._zone)
            self._month = moment.date().replace(day=1)
            self._low, self._high = (position_at(month, self._zone) for month in (self._month, next_month(self._month)))
        return self._month


def _find_months(conditions: Conditions) -> list[dt.date]:
    """Return the first days of all months that can match, and of the month after them, as the upper bound."""
    span = Day.objects.visible().with_messages().aggregate(first=Min("date"), last=Max("date"))
    if span["first"] is None:
        return []
    last = min(conditions.until or span["last"], span["last"])
    months = [max(conditions.since or span["first"], span["first"]).replace(day=1)]
    while months[-1] <= last:
        months.append(next_month(months[-1]))
    return months


def next_month(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _largest_first(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(((key, count) for key, count in counts.items() if count), key=lambda item: (-item[1], item[0]))
