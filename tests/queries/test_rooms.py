from __future__ import annotations

import datetime as dt

from chatlogs.models import Day, Room
from chatlogs.queries.rooms import find_years
from chatlogs.web.charts import draw_year

JANUARY = dt.date(2018, 1, 1)


def test_the_calendar_has_the_same_levels_as_the_heatmap(db: None) -> None:
    counts = {JANUARY + dt.timedelta(days=number): count for number, count in enumerate((160, 91, 41, 40, 11, 1))}
    room = Room.objects.create(slug="tea-room")
    Day.objects.bulk_create(Day(room=room, date=date, message_count=count) for date, count in counts.items())
    (year,) = find_years(room)
    levels = {day.date: day.level for day in year.days}
    assert levels == {cell.date: cell.level for cell in draw_year(2018, counts, 160).cells}
    assert list(levels.values()) == [4, 4, 3, 2, 2, 1]


def test_a_day_without_messages_has_no_level(db: None) -> None:
    room = Room.objects.create(slug="tea-room")
    Day.objects.create(room=room, date=JANUARY, message_count=1)
    (year,) = find_years(room)
    assert {day.level for week in year.months[0].weeks for day in week if day.date != JANUARY} == {0}
