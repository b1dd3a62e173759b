"""Numbers become places in a picture."""

from __future__ import annotations

import datetime as dt

import pytest

from chatlogs.queries.intensity import level_of
from chatlogs.web.charts import (
    CELL,
    LINE_WIDTH,
    NARROWEST_BAR,
    SIGNS,
    STEP,
    Bar,
    Cell,
    Column,
    Hour,
    TimeLine,
    draw_bars,
    draw_calendar,
    draw_columns,
    draw_sign,
    draw_week,
    draw_year,
)

YEARS = range(2015, 2030)


def days_of(year: int) -> list[dt.date]:
    start = dt.date(year, 1, 1)
    return [start + dt.timedelta(number) for number in range(dt.date(year, 12, 31).timetuple().tm_yday)]


def place_of(date: dt.date) -> tuple[int, int]:
    (cell,) = draw_year(date.year, {date: 1}, 1).cells
    return cell.x // STEP, cell.y // STEP


def test_a_day_stands_in_the_column_of_its_week_and_the_row_of_its_weekday() -> None:
    assert place_of(dt.date(2018, 1, 1)) == (0, 0)
    assert place_of(dt.date(2018, 1, 7)) == (0, 6)
    assert place_of(dt.date(2018, 1, 8)) == (1, 0)
    assert place_of(dt.date(2017, 1, 1)) == (0, 6)
    assert place_of(dt.date(2017, 1, 2)) == (1, 0)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_has_a_place_of_its_own_inside_the_picture(year: int) -> None:
    heatmap = draw_year(year, dict.fromkeys(days_of(year), 1), 1)
    places = {(cell.x, cell.y) for cell in heatmap.cells}
    assert len(places) == len(days_of(year))
    assert max(x for x, _ in places) + CELL == heatmap.width
    assert max(y for _, y in places) + CELL == heatmap.height


@pytest.mark.parametrize("year", YEARS)
def test_the_rows_are_the_squares_of_all_days(year: int) -> None:
    heatmap = draw_year(year, dict.fromkeys(days_of(year), 1), 1)
    squares = [(x, row.y - CELL // 2) for row in heatmap.rows for x in range(row.x, row.end, STEP)]
    assert sorted(squares) == sorted((cell.x, cell.y) for cell in heatmap.cells)


def test_only_days_of_the_year_with_something_to_count_are_drawn() -> None:
    counts = {dt.date(2017, 12, 31): 5, dt.date(2018, 1, 1): 0, dt.date(2018, 1, 2): 5}
    assert draw_year(2018, counts, 5).cells == [Cell(dt.date(2018, 1, 2), 5, 4, 0, STEP)]


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (1, 1), (10, 1), (11, 2), (40, 2), (41, 3), (90, 3), (91, 4), (160, 4)]
)
def test_levels_are_quarters_of_the_busiest_days_square_root(count: int, level: int) -> None:
    assert level_of(count, 160) == level


def test_the_only_day_is_the_busiest() -> None:
    assert level_of(1, 1) == 4


def test_a_bar_of_whole_years_is_the_whole_line() -> None:
    assert TimeLine(2016, 2018).bar(dt.date(2016, 1, 1), dt.date(2018, 12, 31)) == Bar(0, LINE_WIDTH)


def test_a_bar_begins_and_ends_where_its_dates_are() -> None:
    assert TimeLine(2017, 2018).bar(dt.date(2018, 1, 1), dt.date(2018, 12, 31)) == Bar(LINE_WIDTH // 2, LINE_WIDTH // 2)


@pytest.mark.parametrize("date", [dt.date(2010, 1, 1), dt.date(2015, 6, 1), dt.date(2020, 12, 31)])
def test_a_bar_of_one_day_can_be_seen_within_the_line(date: dt.date) -> None:
    bar = TimeLine(2010, 2020).bar(date, date)
    assert bar.width == NARROWEST_BAR
    assert 0 <= bar.x <= LINE_WIDTH - NARROWEST_BAR


def test_each_year_after_the_first_has_a_tick() -> None:
    assert TimeLine(2017, 2018).ticks == [LINE_WIDTH // 2]
    assert TimeLine(2018, 2018).ticks == []
    assert len(TimeLine(2010, 2020).ticks) == 10


def test_an_hour_stands_in_the_row_of_its_weekday_and_the_column_of_its_hour() -> None:
    counts = [[0] * 24 for _ in range(7)]
    counts[6][23], counts[0][0] = 100, 1
    week = draw_week(counts)
    assert week.cells == [Hour(0, 0, 1, 1, 0, 0), Hour(6, 23, 100, 4, 23 * STEP, 6 * STEP)]
    assert (week.width, week.height) == (23 * STEP + CELL, 6 * STEP + CELL)
    assert [(row.x, row.end, row.y) for row in week.rows] == [(0, week.width, STEP * day + 5) for day in range(7)]


def test_a_week_without_messages_has_no_cells() -> None:
    assert draw_week([[0] * 24 for _ in range(7)]).cells == []


def test_columns_stand_on_the_ground_in_proportion_to_the_largest() -> None:
    columns = draw_columns([50, 0, 100, 1])
    assert columns.columns == [Column(0, 50, 50), None, Column(2 * STEP, 0, 100), Column(3 * STEP, 98, 2)]
    assert (columns.width, columns.height) == (3 * STEP + CELL, 100)


def test_bars_begin_at_the_left_in_proportion_to_the_largest() -> None:
    assert draw_bars([200, 100, 1]) == [Bar(0, LINE_WIDTH), Bar(0, LINE_WIDTH // 2), Bar(0, NARROWEST_BAR)]
    assert draw_bars([]) == []


def test_each_day_of_a_calendar_has_its_sign() -> None:
    days = {
        dt.date(2017, 12, 31): "cross",
        dt.date(2018, 1, 1): "square",
        dt.date(2018, 1, 2): "cross",
        dt.date(2018, 1, 8): "square",
    }
    calendar = draw_calendar(2018, days)
    assert calendar.paths == {
        "square": draw_sign("square") + draw_sign("square", STEP, 0),
        "cross": draw_sign("cross", 0, STEP),
    }
    assert draw_calendar(2017, days).width == draw_year(2017, {}, 0).width


def test_no_two_signs_are_drawn_alike() -> None:
    assert len({*SIGNS.values()}) == len(SIGNS)
