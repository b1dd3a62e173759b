"""Computes the geometry of SVG charts, in view-box units. No Django."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatlogs.queries.intensity import level_of

# A day of a heatmap is a square followed by a gap.
CELL, GAP = 10, 2
STEP = CELL + GAP
DAYS_A_WEEK = 7

HOURS_A_DAY = 24

# Columns are stretched to the chart; the lowest must still be visible.
COLUMN_HEIGHT, LOWEST_COLUMN = 100, 2

# Signs differ in shape, not only in colour: SVG path data relative to a square's upper left corner.
SIGNS = {"square": "h10v10h-10z", "frame": "m1 1h8v8h-8z", "triangle": "m0 10l5-10l5 10z", "cross": "m1 1l8 8m0-8l-8 8"}

# A time line is stretched to the page; a name used on one day must still be visible.
LINE_WIDTH, NARROWEST_BAR = 1000, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A day with messages; `level` is from 1 to 4."""

    date: dt.date
    count: int
    level: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Row:
    """The background of one weekday's squares: a line from `x` to `end` at the height `y`."""

    x: int
    end: int
    y: int


@dataclass(frozen=True, slots=True)
class Heatmap:
    """A year, with a column per week and a row per weekday from Monday."""

    width: int
    height: int
    rows: Sequence[Row]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a weekday with messages; `level` is from 1 to 4."""

    weekday: int
    hour: int
    count: int
    level: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Week:
    """A row per weekday from Monday, a column per hour."""

    width: int
    height: int
    rows: Sequence[Row]
    cells: Sequence[Hour]


@dataclass(frozen=True, slots=True)
class Column:
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Columns:
    """A column per count, as wide as a heatmap's square; None for a count of 0."""

    width: int
    height: int
    columns: Sequence[Column | None]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year of days with signs; `paths` maps a sign to path data for all of its days."""

    width: int
    height: int
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The time from the first day of a year to the last day of the same or a later year."""

    first_year: int
    last_year: int

    @property
    def ticks(self) -> list[int]:
        """Positions where the years after the first begin."""
        return [self._place(dt.date(year, 1, 1)) for year in range(self.first_year + 1, self.last_year + 1)]

    def bar(self, first: dt.date, last: dt.date) -> Bar:
        """Return the bar from `first` to `last`, inclusive, both within the years."""
        x = self._place(first)
        width = max(NARROWEST_BAR, self._place(last, 1) - x)
        return Bar(min(x, LINE_WIDTH - width), width)

    def _place(self, date: dt.date, days_later: int = 0) -> int:
        start = dt.date(self.first_year, 1, 1).toordinal()
        days = dt.date(self.last_year, 12, 31).toordinal() + 1 - start
        return round(LINE_WIDTH * (date.toordinal() + days_later - start) / days)


def draw_year(year: int, counts: Mapping[dt.date, int], busiest: int) -> Heatmap:
    """Draw the counts of this year; `busiest` is the count at the top of level 4."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    cells = [
        Cell(date, count, level_of(count, busiest), STEP * _week_of(date), STEP * date.weekday())
        for date, count in sorted(counts.items())
        if date.year == year and count
    ]
    width = STEP * _week_of(last) + CELL
    return Heatmap(width, STEP * DAYS_A_WEEK - GAP, list(_rows(first, last)), cells)


def draw_week(counts: Sequence[Sequence[int]]) -> Week:
    busiest = max(max(hours) for hours in counts)
    cells = [
        Hour(weekday, hour, count, level_of(count, busiest), STEP * hour, STEP * weekday)
        for weekday, hours in enumerate(counts)
        for hour, count in enumerate(hours)
        if count
    ]
    width = STEP * HOURS_A_DAY - GAP
    rows = [Row(0, width, STEP * weekday + CELL // 2) for weekday in range(DAYS_A_WEEK)]
    return Week(width, STEP * DAYS_A_WEEK - GAP, rows, cells)


def draw_columns(counts: Sequence[int]) -> Columns:
    largest = max(counts, default=0)
    columns: list[Column | None] = []
    for place, count in enumerate(counts):
        height = max(LOWEST_COLUMN, round(COLUMN_HEIGHT * count / largest)) if count else 0
        columns.append(Column(STEP * place, COLUMN_HEIGHT - height, height) if count else None)
    return Columns(STEP * len(counts) - GAP, COLUMN_HEIGHT, columns)


def draw_bars(counts: Sequence[int]) -> list[Bar]:
    largest = max(counts, default=0)
    return [Bar(0, max(NARROWEST_BAR, round(LINE_WIDTH * count / largest))) for count in counts]


def draw_calendar(year: int, days: Mapping[dt.date, str]) -> Calendar:
    """Draw the days of this year; `days` maps a date to the name of its sign."""
    paths: defaultdict[str, str] = defaultdict(str)
    for date, sign in sorted(days.items()):
        if date.year == year:
            paths[sign] += draw_sign(sign, STEP * _week_of(date), STEP * date.weekday())
    width = STEP * _week_of(dt.date(year, 12, 31)) + CELL
    return Calendar(width, STEP * DAYS_A_WEEK - GAP, dict(paths))


def draw_sign(sign: str, x: int = 0, y: int = 0) -> str:
    return f"M{x} {y}{SIGNS[sign]}"


def _rows(first: dt.date, last: dt.date) -> Iterator[Row]:
    for weekday in range(DAYS_A_WEEK):
        start = _week_of(first + dt.timedelta((weekday - first.weekday()) % DAYS_A_WEEK))
        end = _week_of(last - dt.timedelta((last.weekday() - weekday) % DAYS_A_WEEK))
        yield Row(STEP * start, STEP * end + CELL, STEP * weekday + CELL // 2)


def _week_of(date: dt.date) -> int:
    """Return the week of the year, from 0. Weeks begin on Monday, the first possibly in the previous year."""
    new_year = date.replace(month=1, day=1)
    return (date.timetuple().tm_yday - 1 + new_year.weekday()) // DAYS_A_WEEK
