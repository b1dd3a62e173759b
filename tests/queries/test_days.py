"""Tests of timelines: removed messages keep their place, and hidden authors have no name."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs.models import Day, Message
from chatlogs.queries.conversations import Conversation, group_in_conversations, messages_of
from chatlogs.queries.timelines import read_timeline
from tests.transcripts.making import DAY, message, write_transcript
from tests.worlds import import_once

State = Message.State

# Two conversations, of two and of three messages.
SAID = {"09:00:00": "一", "09:01:00": "二", "12:00:00": "三", "12:01:00": "四", "12:02:00": "五"}
ALL = "".join(SAID.values())


@pytest.fixture
def day(db: None, tmp_path: Path) -> Day:
    write_transcript(tmp_path, "tea-room", DAY, *(message(time, "江月", text) for time, text in SAID.items()))
    import_once(tmp_path)
    return Day.objects.get()


def find_conversations(day: Day) -> list[Conversation]:
    return group_in_conversations(read_timeline(day))


def change(texts: str, **fields: object) -> None:
    Message.objects.filter(text__in=list(texts)).update(**fields)


def remove(texts: str, state: str = State.HIDDEN) -> None:
    change(texts, state=state)


def in_words(conversations: list[Conversation]) -> str:
    """Return conversations separated by `/`, turns by spaces, and removed messages as their number."""
    return "/".join(
        " ".join(str(turn.removed or "".join(one.text for one in turn.messages)) for turn in conversation.turns)
        for conversation in conversations
    )


@pytest.mark.parametrize(
    ("removed", "shown"),
    [
        ("", "一二/三四五"),
        ("四", "一二/三 1 五"),
        ("三四", "一二 2/五"),
        ("一", "1 二/三四五"),
        ("二三", "一 2/四五"),
        ("一二", "2 三四五"),
        ("五", "一二/三四 1"),
        ("一三五", "1 二 1/四 1"),
        (ALL, "5"),
    ],
)
def test_what_was_removed_is_counted_in_its_place(removed: str, shown: str, day: Day) -> None:
    remove(removed)
    assert in_words(find_conversations(day)) == shown


@pytest.mark.parametrize("state", [State.HIDDEN, State.ERASED])
def test_hidden_and_erased_look_alike(state: str, day: Day) -> None:
    remove("四", state)
    assert in_words(find_conversations(day)) == "一二/三 1 五"


def test_what_is_held_for_review_was_never_here(day: Day) -> None:
    remove("四", State.HELD)
    assert in_words(find_conversations(day)) == "一二/三五"


@pytest.mark.parametrize("state", [State.SHOWN, State.HIDDEN, State.ERASED])
def test_what_was_withdrawn_leaves_no_place(state: str, day: Day) -> None:
    change("四", state=state, is_withdrawn=True)
    assert in_words(find_conversations(day)) == "一二/三五"


def test_a_double_leaves_no_place(day: Day) -> None:
    change("四", state=State.HIDDEN, duplicate_of=Message.objects.get(text="三"))
    assert in_words(find_conversations(day)) == "一二/三五"


def test_a_day_of_which_nothing_is_left_does_not_tell_the_time(day: Day) -> None:
    remove(ALL)
    assert [one.starts_at for one in find_conversations(day)] == [None]


def test_the_time_of_a_removed_message_is_not_revealed(day: Day) -> None:
    """The conversation begins with the first message that can be read."""
    remove("一三")
    assert [str(one.starts_at) for one in find_conversations(day)] == ["09:01:00", "12:01:00"]


def test_a_place_has_no_content(day: Day) -> None:
    remove("四")
    timeline = read_timeline(day)
    assert [one.text for one in timeline.messages] == ["一", "二", "三", "五"]
    assert [type(place) for place in timeline.removed] == [int]


def test_places_are_not_counted_as_messages(day: Day) -> None:
    remove("四")
    conversations = find_conversations(day)
    assert [one.message_count for one in conversations] == [2, 2]
    assert "".join(one.text for one in messages_of(conversations)) == "一二三五"


def test_hidden_authors_have_a_turn_for_each_message(day: Day) -> None:
    change("三四", is_author_hidden=True, alias=None)
    assert in_words(find_conversations(day)) == "一二/三 四 五"


def test_a_hidden_author_is_not_the_one_whom_the_transcript_does_not_name(day: Day) -> None:
    change("三四五", alias=None)
    change("四", is_author_hidden=True)
    assert in_words(find_conversations(day)) == "一二/三 四 五"
