import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from chatlogs.importing.positions import Neighbour, TooManyInOneSecond, place, seconds_of_day
from chatlogs.models.archive import MAX_MESSAGES_A_SECOND, SEQUENCE_BITS

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = 1 << SEQUENCE_BITS


def at(second: int, sequence: int) -> int:
    return second * SECOND + sequence


def test_messages_of_one_second_are_numbered_in_order() -> None:
    assert place([7, 7, 8], "m", []).own == [at(7, 0), at(7, 1), at(8, 0)]


def test_a_room_earlier_in_the_alphabet_stays_before() -> None:
    placement = place([7], "m", [Neighbour(1, at(7, 0), "a")])
    assert (placement.own, placement.moved) == ([at(7, 1)], {})


def test_a_room_later_in_the_alphabet_moves_behind() -> None:
    placement = place([7, 7], "m", [Neighbour(1, at(7, 0), "z"), Neighbour(2, at(7, 1), "z")])
    assert (placement.own, placement.moved) == ([at(7, 0), at(7, 1)], {1: at(7, 2), 2: at(7, 3)})


def test_a_room_goes_between_its_neighbours() -> None:
    placement = place([7], "m", [Neighbour(1, at(7, 1), "z"), Neighbour(2, at(7, 0), "a")])
    assert (placement.own, placement.moved) == ([at(7, 1)], {1: at(7, 2)})


def test_seconds_are_those_of_the_rooms_time_zone() -> None:
    (second,) = seconds_of_day(dt.date(2018, 3, 27), SHANGHAI, [dt.time(9, 0, 1)])
    assert dt.datetime.fromtimestamp(second, dt.UTC) == dt.datetime(2018, 3, 27, 1, 0, 1, tzinfo=dt.UTC)


def test_a_day_on_which_clocks_change_has_the_right_seconds() -> None:
    times = [dt.time(1, 59, 59), dt.time(3)]
    before, after = seconds_of_day(dt.date(2018, 3, 25), ZoneInfo("Europe/Berlin"), times)
    assert after - before == 1


@pytest.mark.parametrize("date", [dt.date.min, dt.date.max])
def test_the_first_and_the_last_day_of_the_calendar_have_seconds(date: dt.date) -> None:
    start, end = seconds_of_day(date, SHANGHAI, [dt.time(), dt.time(23, 59, 59)])
    assert end - start == 24 * 3600 - 1


def test_a_second_holds_as_many_as_positions_can_tell_apart() -> None:
    assert place([7] * MAX_MESSAGES_A_SECOND, "m", []).own[-1] == at(8, 0) - 1


def test_a_second_holds_no_more() -> None:
    with pytest.raises(TooManyInOneSecond):
        place([7] * MAX_MESSAGES_A_SECOND, "m", [Neighbour(1, at(7, 0), "a")])
