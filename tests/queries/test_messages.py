"""Tests of the context of messages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from chatlogs.models import Message
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.messages import CONTEXT, find_contexts
from tests.importing.archives import hide
from tests.readers import one_request
from tests.transcripts.making import DAY, message, write_transcript
from tests.worlds import import_once

TEXTS = ("一", "二", "三", "四", "五", "六")


@pytest.fixture
def rooms(db: None, tmp_path: Path) -> None:
    """Two rooms with messages in the same seconds."""
    for room in ("porch", "tea-room"):
        said = (message(f"09:00:0{place // 2}", "江月", f"{text}@{room}") for place, text in enumerate(TEXTS))
        write_transcript(tmp_path, room, DAY, *said)
    import_once(tmp_path)


def around(text: str) -> tuple[str, str]:
    """Return the texts before and after in the tea room, joined."""
    message_ = Message.objects.get(text=f"{text}@tea-room")
    context = find_contexts([message_])[message_.pk]
    return in_words(context.before), in_words(context.after)


def in_words(messages: Sequence[Message]) -> str:
    return "".join(one.text.removesuffix("@tea-room") for one in messages)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("一", "", "二三"),
        ("二", "一", "三四"),
        ("三", "一二", "四五"),
        ("五", "三四", "六"),
        ("六", "四五", ""),
    ],
)
def test_the_context_is_two_messages_of_the_room_on_either_side(
    text: str, before: str, after: str, rooms: None
) -> None:
    assert around(text) == (before, after)


def test_a_hidden_message_is_in_no_context(rooms: None) -> None:
    hide("二@tea-room", "四@tea-room")
    assert around("三") == ("一", "五六")


def test_a_withdrawn_message_is_in_no_context(rooms: None) -> None:
    Message.objects.filter(text="四@tea-room").update(is_withdrawn=True)
    assert around("三") == ("一二", "五六")


def test_each_message_has_its_own(rooms: None) -> None:
    messages = list(Message.objects.all())
    contexts = find_contexts(messages)
    assert contexts.keys() == {one.pk for one in messages}
    assert {len(context.before) + len(context.after) for context in contexts.values()} == {CONTEXT, 3, 2 * CONTEXT}


def test_it_takes_two_queries(rooms: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    messages = list(Message.objects.all())
    with one_request():
        get_room_access()
        with django_assert_num_queries(2):
            find_contexts(messages)


def test_of_no_messages_there_is_none(db: None) -> None:
    assert find_contexts([]) == {}
