"""Coverage: which days have a transcript, and which should have one."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
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

# The only warning that means that a part of a file is not shown.
NOT_SHOWN = "stray_text"


class State(StrEnum):
    """REJECTED: the transcript, a newer version or a part of it was not imported.

    WITHOUT: the transcript has no messages, or none that are shown. Readers must not learn which.
    """

    WITH = "with_messages"
    WITHOUT = "without_messages"
    REJECTED = "rejected"
    MISSING_FILE = "missing"


class Stretch(NamedTuple):
    """Consecutive days, both ends included."""

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
        stretches: list[Stretch] = []
        for date, state in self.days.items():
            if state is not State.MISSING_FILE:
                continue
            if stretches and date == stretches[-1].last + A_DAY:
                stretches[-1] = stretches[-1]._replace(last=date)
            else:
                stretches.append(Stretch(date, date))
        return stretches

    def count_by_month(self, year: int) -> Mapping[dt.date, Counter[State]]:
        months: defaultdict[dt.date, Counter[State]] = defaultdict(Counter)
        for date, state in self.days.items():
            if date.year == year:
                months[date.replace(day=1)][state] += 1
        return dict(months)


class LastImport(NamedTuple):
    """The newest run, and the end of the newest completed one. A run without an end is running or was killed."""

    run: ImportRun | None
    finished_at: dt.datetime | None


def find_coverage() -> list[Coverage]:
    rooms = {room.pk: room for room in find_choices()}
    counts: defaultdict[int, dict[dt.date, int]] = defaultdict(dict)
    for room_id, date, count in Day.objects.listed().order_by().values_list("room_id", "date", "message_count"):
        counts[room_id][date] = count
    rejected = _find_rejected(rooms)
    coverage = []
    for pk, room in rooms.items():
        first, last = min(counts[pk], default=None), max(counts[pk], default=None)
        between = [first + number * A_DAY for number in range((last - first).days + 1)] if first and last else []
        days = {}
        for date in sorted({*between, *rejected[pk]}):
            if date in rejected[pk]:
                days[date] = State.REJECTED
            elif date not in counts[pk]:
                days[date] = State.MISSING_FILE
            else:
                days[date] = State.WITH if counts[pk][date] else State.WITHOUT
        coverage.append(Coverage(room, days, first, last))
    return coverage


def find_last_import() -> LastImport:
    finished = ImportRun.objects.filter(finished_at__isnull=False).order_by("-pk")
    return LastImport(ImportRun.objects.order_by("-pk").first(), finished.values_list("finished_at", flat=True).first())


def _find_rejected(rooms: Mapping[int, Room]) -> defaultdict[int, set[dt.date]]:
    """Return dates by room id. Files that were never imported are assigned by their folder and name."""
    problems = ImportProblem.objects.filter(Q(is_error=True) | Q(code=NOT_SHOWN))
    paths = set(problems.order_by().values_list("path", flat=True))
    imported = SourceFile.objects.filter(path__in=problems.order_by().values("path"))
    days = {path: (room, date) for path, room, date in imported.values_list("path", "day__room_id", "day__date")}
    by_slug = {room.slug: pk for pk, room in rooms.items()}
    rejected: defaultdict[int, set[dt.date]] = defaultdict(set)
    for path in paths:
        place = PurePath(path)
        room_id, date = days.get(path) or (by_slug.get(find_room_folder(place)), find_date(place.name))
        if date and room_id and room_id in rooms:
            rejected[room_id].add(date)
    return rejected
