"""Rooms with figures, and their years and months."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from chatlogs.models import Day, Member, Room
from chatlogs.models.rooms import RoomQuerySet, get_room_access
from chatlogs.queries.intensity import level_of
from chatlogs.search.tokens import normalise


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A cell of a month's calendar; `level` is an intensity from 0 (no messages) to 4."""

    date: dt.date
    in_month: bool
    message_count: int
    level: int


@dataclass(frozen=True, slots=True)
class Month:
    first: dt.date
    message_count: int
    day_count: int
    weeks: Sequence[Sequence[CalendarDay]]


@dataclass(frozen=True, slots=True)
class Year:
    number: int
    message_count: int
    day_count: int
    months: Sequence[Month]

    @property
    def days(self) -> list[CalendarDay]:
        """The days with messages."""
        return [cell for month in self.months for week in month.weeks for cell in week if cell.message_count]


def find_rooms() -> RoomQuerySet:
    """Return the listed rooms with `message_count`, `day_count`, `first_date` and `last_date`."""
    return _with_figures(Room.objects.listed()).order_by("slug")


def get_room(slug: str) -> Room:
    """Return the room, listed or not, or raise Http404."""
    room = next((room for room in get_room_access().rooms.values() if room.slug == slug), None)
    if room is None:
        raise Http404
    return room


def get_room_with_figures(slug: str) -> Room:
    """Return the room with the figures of `find_rooms`, or raise Http404."""
    return get_object_or_404(_with_figures(Room.objects.visible()), slug=slug)


def find_choices(slug: str = "") -> list[Room]:
    """Return the listed rooms, and the unlisted one of this slug."""
    access = get_room_access()
    return [room for pk, room in access.rooms.items() if pk in access.listed or room.slug == slug]


def find_room_ids(name: str) -> frozenset[int]:
    """Return the id of the room with this slug, or ids of listed rooms whose title contains the name."""
    rooms = get_room_access().rooms.values()
    by_slug = frozenset(room.pk for room in rooms if normalise(room.slug) == normalise(name))
    listed = (room for room in rooms if not room.is_unlisted)
    return by_slug or frozenset(room.pk for room in listed if normalise(name) in normalise(room.title))


def find_rooms_for_robots() -> RoomQuerySet:
    return Room.objects.listed().open_to_robots().order_by("slug")


def find_dates_for_robots() -> dict[str, list[dt.date]]:
    """Return the dates with messages by slug, for rooms open to search engines."""
    days = Day.objects.listed().with_messages().filter(room__in=find_rooms_for_robots())
    dates: dict[str, list[dt.date]] = {}
    for slug, date in days.order_by("room__slug", "date").values_list("room__slug", "date"):
        dates.setdefault(slug, []).append(date)
    return dates


def sum_up(rooms: Sequence[Any]) -> dict[str, Any]:
    """Return messages, days, members, first and last date over all rooms."""
    return {
        "messages": sum(room.message_count for room in rooms),
        "days": sum(room.day_count for room in rooms),
        "members": Member.objects.listed().count(),
        "first_date": min((room.first_date for room in rooms if room.first_date), default=None),
        "last_date": max((room.last_date for room in rooms if room.last_date), default=None),
    }


def count_by_room_and_date() -> dict[int, dict[dt.date, int]]:
    """Return the counts of the listed rooms by room id and date."""
    counts: defaultdict[int, dict[dt.date, int]] = defaultdict(dict)
    for room_id, date, count in Day.objects.listed().with_messages().values_list("room", "date", "message_count"):
        counts[room_id][date] = count
    return counts


def find_newest_days(most: int) -> QuerySet[Day]:
    return Day.objects.listed().with_messages().select_related("room", "speaker").order_by("-date", "room__slug")[:most]


def find_newest_days_of(room: Room, most: int) -> QuerySet[Day]:
    return (
        Day.objects.visible().in_room(room).with_messages().select_related("room", "speaker").order_by("-date")[:most]
    )


def find_years(room: Room) -> list[Year]:
    """Return the years with messages, newest first, with their months, oldest first, and weeks from Monday on."""
    counts = dict(Day.objects.visible().in_room(room).with_messages().values_list("date", "message_count"))
    busiest = max(counts.values(), default=0)
    by_year: defaultdict[int, list[Month]] = defaultdict(list)
    for first, dates in groupby(sorted(counts), key=lambda date: date.replace(day=1)):
        in_month = Counter({date: counts[date] for date in dates})
        weeks = [
            [
                CalendarDay(date, date.month == first.month, in_month[date], level_of(in_month[date], busiest))
                for date in week
            ]
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ]
        by_year[first.year].append(Month(first, in_month.total(), len(in_month), weeks))
    return [
        Year(
            number,
            message_count=sum(month.message_count for month in months),
            day_count=sum(month.day_count for month in months),
            months=months,
        )
        for number, months in reversed(by_year.items())
    ]


def find_talks(room: Room) -> QuerySet[Day]:
    """Return the days with a talk, newest first."""
    talks = Day.objects.visible().in_room(room).with_messages().filter(speaker__message_count__gt=0)
    return talks.select_related("speaker__member", "room").order_by("-date")


def find_days_of_month(room: Room, month: dt.date) -> QuerySet[Day]:
    return (
        Day.objects.visible()
        .in_room(room)
        .filter(date__year=month.year, date__month=month.month)
        .select_related("room", "speaker")
        .order_by("date")
    )


def _with_figures(rooms: RoomQuerySet) -> RoomQuerySet:
    has_messages = Q(days__message_count__gt=0)
    return rooms.annotate(
        message_count=Coalesce(Sum("days__message_count"), 0),
        day_count=Count("days", filter=has_messages),
        first_date=Min("days__date", filter=has_messages),
        last_date=Max("days__date", filter=has_messages),
    )
