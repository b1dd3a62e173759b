"""Tests of statistics, with exact numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from chatlogs import moderation
from chatlogs.audit import Justification
from chatlogs.db.timeouts import TimeLimitExceeded
from chatlogs.models import Alias, Member, Message, Room
from chatlogs.queries import statistics
from chatlogs.queries import statistics as module
from chatlogs.queries.facets import MonthCount
from chatlogs.queries.statistics import (
    EMOJI_BY_FORM,
    Figures,
    get_figures,
    name_members,
    show_emoji,
    take_newest,
)
from chatlogs.text.emoji import EMOJI
from tests.importing.archives import import_tree
from tests.readers import make_private, one_request, turn
from tests.transcripts.making import image, message, write_transcript
from tests.wordy import around
from tests.worlds import import_once

WHY: Justification = {"by": None, "category": "request", "reason": "说不了"}

TUESDAY, SUNDAY, NEXT_YEAR = dt.date(2018, 3, 27), dt.date(2018, 5, 6), dt.date(2019, 1, 5)


@pytest.fixture
def talk(db: None, tmp_path: Path) -> Path:
    """Two rooms in different time zones."""
    Room.objects.create(slug="far-room", time_zone="America/New_York")
    write_transcript(
        tmp_path,
        "tea-room",
        TUESDAY,
        message("00:10:00", "石榴", "早[强][强]"),
        message("00:50:00", "陈江月", "@石榴?早[强] [ok]"),
        message("23:59:59", "石榴", "@陈江月?在吗 @陈江月?"),
        image("23:59:59", "石榴"),
    )
    write_transcript(tmp_path, "tea-room", SUNDAY, message("09:00:00", "石榴", "［强］[2018]"))
    write_transcript(tmp_path, "tea-room", dt.date(2018, 6, 1))
    write_transcript(tmp_path, "tea-room", NEXT_YEAR, message("09:30:00", "陈江月", "@石榴?新年好"))
    write_transcript(tmp_path, "far-room", TUESDAY, message("23:30:00", "老陆", "@老陆?夜里[玫瑰]"))
    import_once(tmp_path)
    return tmp_path


def room(slug: str) -> Room:
    return Room.objects.get(slug=slug)


def named(counts: object) -> list[tuple[str, int]]:
    return [(str(member), count) for member, count in name_members(counts)[0]]  # type: ignore[arg-type]


def hours_of(figures: Figures) -> dict[tuple[int, int], int]:
    assert figures.hours
    return {(day, hour): n for day, hours in enumerate(figures.hours) for hour, n in enumerate(hours) if n}


def test_months_are_those_from_the_first_with_messages_to_the_last(talk: Path) -> None:
    figures = get_figures(None, 2018)
    assert figures.years == [2019, 2018]
    assert figures.message_count == 6
    assert figures.months == [
        MonthCount(dt.date(2018, 3, 1), 5),
        MonthCount(dt.date(2018, 4, 1), 0),
        MonthCount(dt.date(2018, 5, 1), 1),
    ]
    assert [month.count for month in get_figures(None, None).months] == [5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]


def test_hours_are_those_of_the_rooms_own_clock(talk: Path) -> None:
    assert hours_of(get_figures(None, None)) == {(1, 0): 2, (1, 23): 3, (6, 9): 1, (5, 9): 1}
    assert hours_of(get_figures(room("far-room"), None)) == {(1, 23): 1}
    assert hours_of(get_figures(None, 2019)) == {(5, 9): 1}


def test_members_are_counted_by_what_they_wrote(talk: Path) -> None:
    assert named(get_figures(None, None).members) == [("石榴", 4), ("陈江月", 2), ("老陆", 1)]
    assert named(get_figures(None, 2018).members) == [("石榴", 4), ("老陆", 1), ("陈江月", 1)]
    assert named(get_figures(room("tea-room"), 2019).members) == [("陈江月", 1)]


def test_mentions_are_counted_by_whom_is_meant_and_by_message(talk: Path) -> None:
    assert named(get_figures(None, None).mentioned) == [("石榴", 2), ("老陆", 1), ("陈江月", 1)]
    assert named(get_figures(room("tea-room"), 2018).mentioned) == [("石榴", 1), ("陈江月", 1)]


def test_emoji_are_counted_once_a_message_as_the_search_reads_them(talk: Path) -> None:
    assert get_figures(None, None).emoji == [("强", 3), ("OK", 1), ("玫瑰", 1)]
    assert get_figures(None, 2019).emoji == []


def test_each_emoji_is_read_by_one_form_alone() -> None:
    assert len(EMOJI_BY_FORM) == len(EMOJI)
    assert (show_emoji("[强]"), show_emoji("强"), show_emoji("[2018]")) == ("👍", "", "")


def test_words_are_counted_in_all_messages_that_the_search_finds_them_in(talk: Path) -> None:
    texts = [
        *around("通道", 30),
        *around("退款", 20),
        *around("", 100),
        "「 陈江月：退款 」\n" + " ".join("-" * 15) + "\n好",
    ]
    write_words(talk, texts)
    assert get_figures(None, None).words == [("通道", 30), ("退款", 21)]


def write_words(folder: Path, texts: list[str], sender: str = "石榴") -> None:
    said = (message(f"10:{n // 60:02}:{n % 60:02}", sender, text) for n, text in enumerate(texts))
    write_transcript(folder, "tea-room", dt.date(2019, 2, 1), *said)
    import_tree(folder)


def test_names_of_those_who_are_mentioned_are_no_words(talk: Path) -> None:
    write_words(talk, [f"@陈江月?{text}" for text in around("通道", 30)] + around("", 100))
    assert get_figures(None, None).words == [("通道", 30)]


def test_a_hidden_message_is_in_no_figure(talk: Path) -> None:
    write_words(talk, [*around("通道", 30), *around("", 100)])
    assert get_figures(None, None).words == [("通道", 30)]
    moderation.hide(list(Message.objects.filter(text__contains="通道")), **WHY)
    moderation.hide([Message.objects.get(text__contains="夜里")], **WHY)
    figures = get_figures(None, None)
    assert figures.words == []
    assert ("玫瑰", 1) not in (figures.emoji or [])
    assert "老陆" not in dict(named(figures.members)) | dict(named(figures.mentioned))
    assert figures.message_count == 106
    assert sum(hours_of(figures).values()) == 106


def test_what_was_counted_is_kept_until_something_changes(talk: Path, django_assert_num_queries: Any) -> None:
    figures = get_figures(None, None)
    with one_request():
        get_figures(None, None)
        with django_assert_num_queries(0):
            assert get_figures(None, None) == figures


def test_no_reader_is_told_what_another_may_read(talk: Path) -> None:
    make_private("far-room")
    assert get_figures(None, None).message_count == 6
    turn("far-room", Room.Visibility.PUBLIC)
    assert get_figures(None, None).message_count == 7
    turn("far-room", Room.Visibility.HIDDEN)
    assert get_figures(None, None).emoji == [("强", 3), ("OK", 1)]


def test_a_room_in_no_list_is_counted_for_who_asks_for_it_without_its_members(talk: Path) -> None:
    unlisted = turn("far-room", Room.Visibility.UNLISTED)
    assert get_figures(None, None).message_count == 6
    figures = get_figures(unlisted, None)
    assert (figures.message_count, figures.emoji) == (1, [("玫瑰", 1)])
    assert (figures.members, figures.mentioned) == ((), ())


def test_a_member_with_several_names_is_counted_once(talk: Path) -> None:
    alias = Alias.objects.get(name="老陆")
    alias.member = Member.objects.get(name="石榴")
    alias.save()
    assert named(get_figures(None, None).members) == [("石榴", 5), ("陈江月", 2)]
    assert named(get_figures(None, None).mentioned) == [("石榴", 3), ("陈江月", 1)]


def test_of_a_year_or_room_without_messages_nothing_is_counted(talk: Path) -> None:
    assert get_figures(None, 1999) == Figures([2019, 2018])
    assert get_figures(Room.objects.create(slug="empty"), None) == Figures([])


def test_of_an_empty_archive_nothing_is_counted(db: None) -> None:
    assert get_figures(None, None) == Figures([])


def test_only_the_newest_days_are_read_and_these_whole(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READ", 3)
    figures = get_figures(None, None)
    assert figures.read
    assert (figures.read.message_count, figures.read.since, figures.read.is_all) == (2, SUNDAY, False)
    assert hours_of(figures) == {(6, 9): 1, (5, 9): 1}
    assert figures.emoji == [("强", 1)]
    assert figures.message_count == 7


def test_one_day_is_read_however_large_it_is() -> None:
    sample = take_newest(None, {TUESDAY: 50, SUNDAY: 100}, 10)
    assert (sample.since, sample.until, sample.message_count) == (SUNDAY, SUNDAY, 100)


def test_what_takes_too_long_is_left_out_for_a_while(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def take_long(*_: object) -> None:
        raise TimeLimitExceeded

    monkeypatch.setattr(module, "count_by_hour", take_long)
    figures = get_figures(None, None)
    assert (figures.hours, figures.is_whole) == (None, False)
    assert figures.emoji == [("强", 3), ("OK", 1), ("玫瑰", 1)]


def test_nothing_more_is_counted_when_the_time_is_up(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", -1.0)
    monkeypatch.setattr(statistics, "find_words", lambda *_: [])
    figures = get_figures(None, None)
    assert (figures.message_count, figures.is_whole) == (7, False)
