"""Where what stands in a picture made of numbers, in the units of its view box. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chatlogs.queries.intensity import level_of

# A day of a heatmap is a square with a gap after it.
CELL, GAP = 10, 2
STEP = CELL + GAP
DAYS_A_WEEK = 7

HOURS_A_DAY = 24

# Columns are stretched to their place; one that counts anything must still be seen.
COLUMN_HEIGHT, LOWEST_COLUMN = 100, 2

# Told apart by their shapes alone: what is drawn from a square's upper left corner on.
SIGNS = {"square": "h10v10h-10z", "frame": "m1 1h8v8h-8z", "triangle": "m0 10l5-10l5 10z", "cross": "m1 1l8 8m0-8l-8 8"}

# A time line is stretched to its place; a name of one day must still be seen in it.
LINE_WIDTH, NARROWEST_BAR = 1000, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """A day with something to count; `level` is from 1 to 4."""

    date: dt.date
    count: int
    level: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Row:
    """The squares of one weekday, with or without something to count: from `x` to `end`, around the middle `y`."""

    x: int
    end: int
    y: int


@dataclass(frozen=True, slots=True)
class Heatmap:
    """A year: a column for each week, a row for each weekday from Monday on."""

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
    """An hour of a weekday with something to count; `level` is from 1 to 4."""

    weekday: int
    hour: int
    count: int
    level: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Week:
    """A row for each weekday from Monday on, a column for each hour."""

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
    """One for each count, as wide as a heatmap's square; None where there is nothing."""

    width: int
    height: int
    columns: Sequence[Column | None]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year of days with signs; a sign's path draws it on all of its days."""

    width: int
    height: int
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """From the first day of a year to the last day of another, or of the same."""

    first_year: int
    last_year: int

    @property
    def ticks(self) -> list[int]:
        """Where the years after the first begin."""
        return [self._place(dt.date(year, 1, 1)) for year in range(self.first_year + 1, self.last_year + 1)]

    def bar(self, first: dt.date, last: dt.date) -> Bar:
        """Of dates within the years; both are part of it."""
        x = self._place(first)
        width = max(NARROWEST_BAR, self._place(last, 1) - x)
        return Bar(min(x, LINE_WIDTH - width), width)

    def _place(self, date: dt.date, days_later: int = 0) -> int:
        start = dt.date(self.first_year, 1, 1).toordinal()
        days = dt.date(self.last_year, 12, 31).toordinal() + 1 - start
        return round(LINE_WIDTH * (date.toordinal() + days_later - start) / days)


def draw_year(year: int, counts: Mapping[dt.date, int], busiest: int) -> Heatmap:
    """Of the counts that are of this year; `busiest` is the count that is level 4."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    cells = [
        Cell(date, count, level_of(count, busiest), STEP * _week_of(date), STEP * date.weekday())
        for date, count in sorted(counts.items())
        if date.year == year and count
    ]
    width = STEP * _week_of(last) + CELL
    return Heatmap(width, STEP * DAYS_A_WEEK - GAP, list(_rows(first, last)), cells)


def draw_week(counts: Sequence[Sequence[int]]) -> Week:
    """Of the counts of each hour of each weekday."""
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
    """In proportion to the largest count."""
    largest = max(counts, default=0)
    columns = [_column(STEP * place, count, largest) if count else None for place, count in enumerate(counts)]
    return Columns(STEP * len(counts) - GAP, COLUMN_HEIGHT, columns)


def draw_bars(counts: Sequence[int]) -> list[Bar]:
    """In proportion to the largest count."""
    largest = max(counts, default=0)
    return [Bar(0, max(NARROWEST_BAR, round(LINE_WIDTH * count / largest))) for count in counts]


def draw_calendar(year: int, days: Mapping[dt.date, str]) -> Calendar:
    """The days of this year, each with the sign of this name."""
    paths: defaultdict[str, str] = defaultdict(str)
    for date, sign in sorted(days.items()):
        if date.year == year:
            paths[sign] += draw_sign(sign, STEP * _week_of(date), STEP * date.weekday())
    width = STEP * _week_of(dt.date(year, 12, 31)) + CELL
    return Calendar(width, STEP * DAYS_A_WEEK - GAP, dict(paths))


def draw_sign(sign: str, x: int = 0, y: int = 0) -> str:
    return f"M{x} {y}{SIGNS[sign]}"


def _column(x: int, count: int, largest: int) -> Column:
    height = max(LOWEST_COLUMN, round(COLUMN_HEIGHT * count / largest))
    return Column(x, COLUMN_HEIGHT - height, height)


def _rows(first: dt.date, last: dt.date) -> Iterator[Row]:
    for weekday in range(DAYS_A_WEEK):
        start = _week_of(first + dt.timedelta((weekday - first.weekday()) % DAYS_A_WEEK))
        end = _week_of(last - dt.timedelta((last.weekday() - weekday) % DAYS_A_WEEK))
        yield Row(STEP * start, STEP * end + CELL, STEP * weekday + CELL // 2)


def _week_of(date: dt.date) -> int:
    """Of its year, from 0 on; the first may begin before the year does."""
    new_year = date.replace(month=1, day=1)
    return (date.timetuple().tm_yday - 1 + new_year.weekday()) // DAYS_A_WEEK
