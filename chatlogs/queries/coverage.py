"""Coverage: which days have a transcript, and which should have one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple

from django.db.models import Q

from chatlogs.models import Day, ImportProblem, ImportRun, Room, SourceFile
from chatlogs.queries.rooms import find_choices
from chatlogs.transcripts.front_matter import find_date
from chatlogs.transcripts.paths import find_room_folder

A_DAY = dt.timedelta(days=1)

# What stands in a file and is no message: the one note that says that something is not shown.
NOT_SHOWN = "stray_text"


class State(StrEnum):
    """REJECTED: the transcript, a newer version or a part of it was not taken in.

    WITHOUT: a transcript without messages, or one whose messages are not shown: which, is not told.
    """

    WITH = "with_messages"
    WITHOUT = "without_messages"
    REJECTED = "rejected"
    MISSING_FILE = "missing"


class Stretch(NamedTuple):
    """Consecutive days, inclusive."""

    first: dt.date
    last: dt.date

    @property
    def day_count(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Coverage:
    """A room's days in order; `first` and `last` are the dates of its transcripts, None without any."""

    room: Room
    days: Mapping[dt.date, State]
    first: dt.date | None
    last: dt.date | None

    @cached_property
    def counts(self) -> Counter[State]:
        return Counter(self.days.values())

    @cached_property
    def years(self) -> Sequence[int]:
        return sorted({date.year for date in self.days}, reverse=True)

    @cached_property
    def missing(self) -> Sequence[Stretch]:
        return list(_join(date for date, state in self.days.items() if state is State.MISSING_FILE))

    def count_by_month(self, year: int) -> Mapping[dt.date, Counter[State]]:
        months: defaultdict[dt.date, Counter[State]] = defaultdict(Counter)
        for date, state in self.days.items():
            if date.year == year:
                months[date.replace(day=1)][state] += 1
        return dict(months)


class LastImport(NamedTuple):
    """Return the newest run, and when the newest completed one ended. A run without an end is running or was killed."""

    run: ImportRun | None
    finished_at: dt.datetime | None


def find_coverage() -> list[Coverage]:
    rooms = {room.pk: room for room in find_choices()}
    counts: defaultdict[int, dict[dt.date, int]] = defaultdict(dict)
    for room_id, date, count in Day.objects.listed().order_by().values_list("room_id", "date", "message_count"):
        counts[room_id][date] = count
    rejected = _find_rejected(rooms)
    return [_cover(room, counts[pk], rejected[pk]) for pk, room in rooms.items()]


def find_last_import() -> LastImport:
    finished = ImportRun.objects.filter(finished_at__isnull=False).order_by("-pk")
    return LastImport(ImportRun.objects.order_by("-pk").first(), finished.values_list("finished_at", flat=True).first())


def _cover(room: Room, counts: Mapping[dt.date, int], rejected: set[dt.date]) -> Coverage:
    first, last = min(counts, default=None), max(counts, default=None)
    between = _dates(first, last) if first and last else ()
    dates = sorted({*between, *rejected})
    return Coverage(room, {date: _state(date, counts, rejected) for date in dates}, first, last)


def _state(date: dt.date, counts: Mapping[dt.date, int], rejected: set[dt.date]) -> State:
    if date in rejected:
        return State.REJECTED
    if date not in counts:
        return State.MISSING_FILE
    return State.WITH if counts[date] else State.WITHOUT


def _find_rejected(rooms: Mapping[int, Room]) -> defaultdict[int, set[dt.date]]:
    """Return problems by room id. Files that were never imported are assigned by their folder and name."""
    problems = ImportProblem.objects.filter(Q(is_error=True) | Q(code=NOT_SHOWN))
    paths = set(problems.order_by().values_list("path", flat=True))
    imported = SourceFile.objects.filter(path__in=problems.order_by().values("path"))
    days = {path: (room, date) for path, room, date in imported.values_list("path", "day__room_id", "day__date")}
    by_slug = {room.slug: pk for pk, room in rooms.items()}
    rejected: defaultdict[int, set[dt.date]] = defaultdict(set)
    for path in paths:
        room_id, date = days.get(path) or _read_path(path, by_slug)
        if date and room_id and room_id in rooms:
            rejected[room_id].add(date)
    return rejected


def _read_path(path: str, by_slug: Mapping[str, int]) -> tuple[int | None, dt.date | None]:
    place = PurePath(path)
    return by_slug.get(find_room_folder(place)), find_date(place.name)


def _dates(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (first + dt.timedelta(number) for number in range((last - first).days + 1))


def _join(dates: Iterator[dt.date]) -> Iterator[Stretch]:
    stretch: Stretch | None = None
    for date in dates:
        if stretch and date == stretch.last + A_DAY:
            stretch = stretch._replace(last=date)
        else:
            if stretch:
                yield stretch
            stretch = Stretch(date, date)
    if stretch:
        yield stretch
