"""Tests of grouping into conversations and splitting of large days."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.models import Day, Message
from chatlogs.queries.conversations import (
    FEWEST_ON_A_PAGE,
    MOST_ON_A_PAGE,
    Conversation,
    cut_in_parts,
    find_cuts,
    find_part_number,
    group_in_conversations,
    index_conversations,
    messages_of,
)
from chatlogs.queries.timelines import Timeline, TimelineMessage, read_timeline
from tests.importing.archives import import_tree
from tests.people.people import import_day
from tests.transcripts.making import DAY, message, write_transcript

LU, TANG = "陆鸣", "汤圆"
QUOTATION = f"「 {TANG}: 一 」 - - - - - - - - - - - - - - - 二"


def starts(tree: Path, *said: tuple[str, str, str]) -> list[str]:
    """Return the start of each conversation of a day with these times, names and texts."""
    write_transcript(tree, "tea-room", DAY, *(message(*one) for one in said))
    import_tree(tree)
    return [f"{one.starts_at:%H:%M:%S}" for one in group_in_conversations(read_timeline(Day.objects.get()))]


@pytest.mark.parametrize(("time", "begins"), [("09:20:00", False), ("09:20:01", True)])
def test_a_silence_of_more_than_twenty_minutes_ends_a_conversation(
    time: str, begins: bool, tmp_path: Path, db: None
) -> None:
    assert (len(starts(tmp_path, ("09:00:00", TANG, "一"), (time, LU, "二"))) == 2) == begins


@pytest.mark.parametrize("words", ["@汤圆 二", QUOTATION])
@pytest.mark.parametrize(("time", "begins"), [("10:00:00", False), ("10:00:01", True)])
def test_a_reply_within_the_hour_continues_the_conversation(
    words: str, time: str, begins: bool, tmp_path: Path, db: None
) -> None:
    assert (len(starts(tmp_path, ("09:00:00", TANG, "一"), (time, LU, words))) == 2) == begins


def test_who_mentions_somebody_who_has_not_spoken_begins_another(tmp_path: Path, db: None) -> None:
    assert starts(tmp_path, ("09:00:00", LU, "一"), ("09:30:00", LU, "@汤圆 二"), ("09:31:00", TANG, "三")) == [
        "09:00:00",
        "09:30:00",
    ]


@pytest.mark.parametrize(("others", "begins"), [(14, False), (15, True)])
def test_only_the_last_fifteen_speakers_are_answered(others: int, begins: bool, tmp_path: Path, db: None) -> None:
    between = [(f"09:01:{number:02}", f"客人{number}号", "好") for number in range(others)]
    found = starts(tmp_path, ("09:00:00", TANG, "一"), *between, ("09:40:00", LU, "@汤圆 二"))
    assert (len(found) == 2) == begins


# Parts


@given(st.lists(st.integers(0, 5_000), max_size=3_000).map(sorted))
def test_no_part_has_more_messages_than_a_page_nor_few(seconds: list[int]) -> None:
    borders = [0, *find_cuts(seconds), len(seconds)]
    sizes = [end - start for start, end in pairwise(borders)]
    assert all(size <= MOST_ON_A_PAGE for size in sizes)
    assert len(sizes) == 1 or all(size >= FEWEST_ON_A_PAGE for size in sizes)


def test_a_day_is_cut_where_the_silence_is_longest() -> None:
    seconds = [*range(400), *range(1_000, 1_200)]
    assert list(find_cuts(seconds)) == [400]


def test_a_page_that_just_fits_is_not_cut() -> None:
    assert list(find_cuts(range(MOST_ON_A_PAGE))) == []


def said(number: int, second: int, alias_id: int) -> TimelineMessage:
    time = (dt.datetime.min + dt.timedelta(seconds=second)).time()
    row = (number, f"{number}", second << 10 | number % 1024, time, alias_id, "text", f"{number}", False)
    return TimelineMessage(*row, None, None, None, None, None, None, 1, None, ())


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    seconds = sorted(draw(st.lists(st.integers(0, 80_000), min_size=1, max_size=1_300, unique=True)))
    names = draw(st.integers(1, 3))
    messages = [said(number, second, number * 7 % names) for number, second in enumerate(seconds)]
    removed = draw(st.lists(st.integers(0, 80_000), max_size=5, unique=True))
    return Timeline(messages, sorted((second << 10) + 1023 for second in removed))


def count_removed(conversations: list[Conversation]) -> int:
    return sum(turn.removed for conversation in conversations for turn in conversation.turns)


@given(timelines())
def test_parts_have_every_message_once_and_in_order(timeline: Timeline) -> None:
    conversations = group_in_conversations(timeline)
    parts = cut_in_parts(conversations)
    assert [message for part in parts for message in part.messages] == list(timeline.messages)
    assert all(len(part.messages) <= MOST_ON_A_PAGE for part in parts)


@given(timelines())
def test_parts_lose_no_place_of_what_was_removed(timeline: Timeline) -> None:
    parts = cut_in_parts(group_in_conversations(timeline))
    assert sum(count_removed(list(part.conversations)) for part in parts) == len(timeline.removed)


@given(timelines())
def test_the_index_counts_each_conversation_once(timeline: Timeline) -> None:
    conversations = group_in_conversations(timeline)
    entries = index_conversations(cut_in_parts(conversations))
    assert [(entry.number, entry.message_count) for entry in entries] == [
        (conversation.number, conversation.message_count) for conversation in conversations
    ]


def test_a_permanent_address_leads_to_the_part_with_its_message(tmp_path: Path, db: None) -> None:
    times = [f"{9 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}" for number in range(1_100)]
    write_transcript(tmp_path, "tea-room", DAY, *(message(time, TANG, "好") for time in times))
    import_tree(tmp_path)
    day = Day.objects.get()
    parts = cut_in_parts(group_in_conversations(read_timeline(day)))
    in_parts = {message.pk: part.number for part in parts for message in part.messages}
    edges = [message.pk for part in parts for message in (part.messages[0], part.messages[-1])]
    for one in Message.objects.select_related("day").filter(pk__in=edges):
        assert find_part_number(one) == in_parts[one.pk]


def test_mentions_are_understood_in_a_timeline(tmp_path: Path, db: None) -> None:
    import_day(tmp_path, TANG, (LU, "@汤圆 早"))
    (mention,) = messages_of(group_in_conversations(read_timeline(Day.objects.get())))[-1].mentions
    assert str(mention.member) == TANG
