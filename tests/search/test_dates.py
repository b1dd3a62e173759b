import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.search.dates import read_dates

DAY = dt.date(2018, 3, 7)


@pytest.mark.parametrize(
    "typed",
    [
        "2018-03-07", "2018-3-7", "2018/3/7", "2018.03.07", "20180307", "2018年3月7日", "2018年03月07号", "2018年3月7",
        "２０１８－３－７", " 2018-03-07 ",
    ],
)  # fmt: skip
def test_a_day(typed: str) -> None:
    assert read_dates(typed) == (DAY, DAY)


@pytest.mark.parametrize("typed", ["2018-02", "2018/2", "201802", "2018年2月", "２０１８年２月", "2018.2"])
def test_a_month(typed: str) -> None:
    assert read_dates(typed) == (dt.date(2018, 2, 1), dt.date(2018, 2, 28))


@pytest.mark.parametrize("typed", ["2018", "2018年", "２０１８"])
def test_a_year(typed: str) -> None:
    assert read_dates(typed) == (dt.date(2018, 1, 1), dt.date(2018, 12, 31))


def test_the_last_day_of_a_leap_years_february() -> None:
    assert read_dates("2020-02") == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))


@pytest.mark.parametrize(
    "typed",
    [
        "", "昨天", "2018-13", "2018-02-30", "2018-00", "2018-1-0", "20183", "2018037", "3018", "0999", "18",
        "2018-03-07x", "2018-03-07 09:00", "3/7/2018", "١٢٣٤", "2018--3",
    ],
)  # fmt: skip
def test_what_is_no_date(typed: str) -> None:
    assert read_dates(typed) is None


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_every_date_is_read_as_it_is_written(date: dt.date) -> None:
    written = (date.isoformat(), f"{date:%Y%m%d}", f"{date.year}年{date.month}月{date.day}日")
    assert {read_dates(typed) for typed in written} == {(date, date)}


@given(st.text("0123456789-/.年月日号 ０", max_size=12))
def test_no_text_is_an_error(typed: str) -> None:
    dates = read_dates(typed)
    assert dates is None or dates.first <= dates.last
