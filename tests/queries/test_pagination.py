"""Tests of keyset pagination: no message is skipped or repeated, whatever happens between two pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.http import QueryDict

from chatlogs.db.timeouts import Clock
from chatlogs.models import Message
from chatlogs.queries.pagination import Cursor, MessagePage
from chatlogs.queries.search import Search, read_scope
from chatlogs.search.conditions import Conditions
from chatlogs.web.filters import MessageFilter
from tests.importing.archives import hide_key, import_tree
from tests.transcripts.making import DAY, message, write_transcript

QUERIES = ["", "q=的", "q=-的", "q=-支付通道", "room=far-room&q=a", "sender=周可"]
ROOMS = ("porch", "tea-room")
NAMES = ("江月", "乔木", "周可")
SIZE = 4

either_order = pytest.mark.parametrize("oldest_first", [False, True], ids=["newest first", "oldest first"])
either_end = pytest.mark.parametrize("backwards", [False, True], ids=["on", "back"])


def conditions_of(query: str) -> Conditions:
    return MessageFilter(QueryDict(query)).conditions


def get_page(conditions: Conditions, cursor: Cursor, size: int) -> MessagePage:
    return Search(conditions, read_scope(conditions), Clock(3600)).page(cursor, size)


def first_page(conditions: Conditions, size: int, *, oldest_first: bool) -> MessagePage:
    return get_page(conditions, Cursor(oldest_first=oldest_first), size)


def next_page(conditions: Conditions, page: MessagePage, size: int, *, backwards: bool) -> MessagePage | None:
    """Return the next or previous page, or None."""
    cursor = Cursor(newer=page.newer) if page.oldest_first is not backwards else Cursor(older=page.older)
    if not (cursor.newer or cursor.older):
        return None
    return get_page(conditions, replace(cursor, oldest_first=page.oldest_first), size)


def walk(conditions: Conditions, page: MessagePage, size: int, *, backwards: bool = False) -> list[MessagePage]:
    """Return this page and all following ones."""
    pages = [page]
    while following := next_page(conditions, pages[-1], size, backwards=backwards):
        pages.append(following)
    return pages


def keys_on(*pages: MessagePage) -> list[str]:
    return [one.key for page in pages for one in page.messages]


def all_keys(conditions: Conditions, *, oldest_first: bool) -> list[str]:
    return keys_on(first_page(conditions, 10_000, oldest_first=oldest_first))


# Order


@either_order
@pytest.mark.parametrize("size", [7, 50])
def test_pages_on_show_each_message_once(size: int, oldest_first: bool, hostile_archive: Path) -> None:
    for query in QUERIES:
        conditions = conditions_of(query)
        pages = walk(conditions, first_page(conditions, size, oldest_first=oldest_first), size)
        assert keys_on(*pages) == all_keys(conditions, oldest_first=oldest_first)


@either_order
@pytest.mark.parametrize("size", [7, 50])
def test_pages_back_show_each_message_once(size: int, oldest_first: bool, hostile_archive: Path) -> None:
    for query in QUERIES:
        conditions = conditions_of(query)
        *before, last = walk(conditions, first_page(conditions, size, oldest_first=oldest_first), size)
        back = walk(conditions, last, size, backwards=True)
        assert keys_on(*back[::-1]) == all_keys(conditions, oldest_first=oldest_first)
        assert len(back) == len(before) + 1


@either_order
def test_a_full_last_page_leads_to_no_empty_one(oldest_first: bool, hostile_archive: Path) -> None:
    conditions = conditions_of("kind=image")
    size = len(all_keys(conditions, oldest_first=oldest_first)) // 2
    assert len(walk(conditions, first_page(conditions, size, oldest_first=oldest_first), size)) == 2


@either_order
def test_the_first_page_leads_to_none_before_it(oldest_first: bool, hostile_archive: Path) -> None:
    page = first_page(conditions_of("q=的"), 5, oldest_first=oldest_first)
    assert next_page(conditions_of("q=的"), page, 5, backwards=True) is None


@either_order
@pytest.mark.parametrize("key", ["x", "20180327-000000000000", "1551052741632", "长" * 21, "x" * 4000, "%", "０"])
def test_a_cursor_that_names_no_message_is_none(key: str, oldest_first: bool, seconds: Seconds) -> None:
    first = first_page(conditions_of("q=早"), 5, oldest_first=oldest_first)
    for cursor in (Cursor(older=key, oldest_first=oldest_first), Cursor(newer=key, oldest_first=oldest_first)):
        assert get_page(conditions_of("q=早"), cursor, 5) == first


@either_order
@either_end
def test_a_message_of_another_search_is_a_place_too(backwards: bool, oldest_first: bool, hostile_archive: Path) -> None:
    conditions = conditions_of("q=的")
    key = all_keys(conditions_of("kind=image"), oldest_first=True)[12]
    position = Message.objects.get(key=key).position
    name = "older" if backwards else "newer"
    page = get_page(conditions, Cursor(**{name: key}, oldest_first=oldest_first), 10_000)
    assert {*keys_on(page)} == {
        one.key
        for one in Message.objects.filter(key__in=all_keys(conditions, oldest_first=True))
        if (one.position < position if backwards else one.position > position)
    }


# Changes between two pages


class Seconds:
    """Two rooms with messages in the same seconds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        seconds = (1, 1, 1, 2, 2, 3, 3, 3, 3)
        self._said = [(second, NAMES[place % 3], f"早，第{place}句") for place, second in enumerate(seconds)]
        self._write()

    def say_something_first(self) -> None:
        """Import another message in each of the seconds in both rooms."""
        new = [(second, "汤圆", "早，新来的") for second in (1, 2, 3)]
        self._said = sorted([*new, *self._said], key=lambda said: said[0])
        self._write()

    def _write(self) -> None:
        for room in ROOMS:
            said = (message(f"09:00:0{second}", name, text) for second, name, text in self._said)
            write_transcript(self._folder, room, DAY, *said)
        import_tree(self._folder)


@pytest.fixture
def seconds(db: None, tmp_path: Path) -> Seconds:
    return Seconds(tmp_path)


def read_some(conditions: Conditions, number: int, *, oldest_first: bool, backwards: bool) -> list[MessagePage]:
    """Return so many pages, forwards from the first or backwards from the last."""
    pages = walk(conditions, first_page(conditions, SIZE, oldest_first=oldest_first), SIZE)
    return walk(conditions, pages[-1] if backwards else pages[0], SIZE, backwards=backwards)[:number]


after_pages = pytest.mark.parametrize("number", [1, 2, 3])
any_or_found = pytest.mark.parametrize("query", ["", "q=早"], ids=["all", "found"])


@any_or_found
@after_pages
@either_end
@either_order
def test_messages_that_come_into_the_same_second_hide_and_repeat_none(
    query: str, number: int, backwards: bool, oldest_first: bool, seconds: Seconds
) -> None:
    conditions = conditions_of(query)
    known = all_keys(conditions, oldest_first=oldest_first)
    *before, last = read_some(conditions, number, oldest_first=oldest_first, backwards=backwards)
    seconds.say_something_first()
    pages = [*before, *walk(conditions, last, SIZE, backwards=backwards)]
    shown = keys_on(*(pages[::-1] if backwards else pages))
    assert [key for key in shown if key in known] == known
    assert len(shown) == len({*shown})


@any_or_found
@after_pages
@either_end
@either_order
def test_a_page_may_begin_beside_a_message_that_was_hidden(
    query: str, number: int, backwards: bool, oldest_first: bool, seconds: Seconds
) -> None:
    conditions = conditions_of(query)
    last = read_some(conditions, number, oldest_first=oldest_first, backwards=backwards)[-1]
    expected = next_page(conditions, last, SIZE, backwards=backwards)
    for key in {last.older, last.newer} - {""}:
        hide_key(key)
    assert expected
    assert next_page(conditions, last, SIZE, backwards=backwards) == expected
