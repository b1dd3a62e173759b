from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from chatlogs.models import Day, Message
from chatlogs.queries.previews import LONGEST_EXCERPT, MOST_BEGINNINGS, Digest, find_digests, find_excerpt
from tests.readers import one_request
from tests.small_archive import EMPTY_DAY, LU, NEXT_DAY, SPRING, WINTER, import_tree
from tests.transcripts.making import message, write_transcript


def day_of(date: dt.date) -> Day:
    return Day.objects.select_related("room").get(room__slug="tea-room", date=date)


def digest_of(date: dt.date) -> Digest:
    (digest,) = find_digests([day_of(date)])
    return digest


def begins_at(date: dt.date) -> list[str]:
    return [f"{message.time:%H:%M}" for message in digest_of(date).beginnings]


def write_day(archive: Path, *times: str) -> None:
    write_transcript(archive, "tea-room", WINTER, *(message(time, LU, f"于{time}") for time in times))
    import_tree(archive)


def test_a_conversation_begins_after_a_silence(archive: Path) -> None:
    write_day(archive, "08:00:00", "08:20:00", "08:40:01", "12:00:00", "12:00:00")
    assert begins_at(WINTER) == ["08:00", "08:40", "12:00"]


def test_a_day_begins_with_its_first_message_and_ends_with_its_last(archive: Path) -> None:
    digest = digest_of(SPRING)
    assert [digest.began_at.hour, digest.ended_at.isoformat()] == [1, "2018-03-27T02:00:15+00:00"]


def test_there_may_be_more_than_are_told(archive: Path) -> None:
    write_day(archive, *(f"{hour:02}:00:00" for hour in range(MOST_BEGINNINGS + 3)))
    digest = digest_of(WINTER)
    assert (len(digest.beginnings), digest.more_conversations) == (MOST_BEGINNINGS, 3)


def test_they_are_in_the_order_of_the_days(archive: Path) -> None:
    dates = [WINTER, SPRING, NEXT_DAY]
    assert [digest.day.date for digest in find_digests(map(day_of, dates))] == dates


def test_an_empty_day_has_none(archive: Path) -> None:
    assert find_digests([day_of(EMPTY_DAY)]) == []


def test_what_is_hidden_neither_begins_nor_ends_a_day(archive: Path) -> None:
    Message.objects.filter(day=day_of(SPRING), time__in=["09:00:00", "10:00:15"]).update(state="hidden")
    digest = digest_of(SPRING)
    assert begins_at(SPRING) == ["09:01", "10:00"]
    assert digest.ended_at.second == 14
    assert "早上好" not in digest.excerpt


@pytest.mark.parametrize("count", [1, 4])
def test_it_takes_four_queries(count: int, archive: Path, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    days = list(Day.objects.select_related("room").filter(message_count__gt=0)[:count])
    with one_request(), django_assert_num_queries(5):  # One more to see who may enter which room.
        assert len(find_digests(days)) == count


def test_an_excerpt_is_of_the_first_texts(archive: Path) -> None:
    write_day(archive, "08:00:00", "08:00:01")
    assert find_excerpt(day_of(WINTER)) == "于08:00:00 / 于08:00:01"


def test_an_excerpt_is_short(archive: Path) -> None:
    write_transcript(archive, "tea-room", WINTER, *(message("08:00:00", LU, "早" * 100) for _ in range(9)))
    import_tree(archive)
    assert len(find_excerpt(day_of(WINTER))) == LONGEST_EXCERPT


def test_where_nobody_said_anything_there_is_none(archive: Path) -> None:
    write_transcript(archive, "tea-room", WINTER, message("08:00:00", LU))
    import_tree(archive)
    assert find_excerpt(day_of(WINTER)) == ""
