"""The index finds what reading every message finds, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from chatlogs.db.timeouts import Clock
from chatlogs.queries.pagination import Cursor, MessagePage
from chatlogs.queries.search import Search, read_scope
from chatlogs.queries.search_counts import get_count
from tests.search.changes import CHANGES, Change
from tests.search.oracle import Seen, find, read_all
from tests.search.questions import FIELDS, Asker

QUERIES = 200
CHUNKS = [0, *(pytest.param(chunk, marks=pytest.mark.thorough) for chunk in range(1, 5))]
CLOCK = Clock(3600)


@pytest.fixture(autouse=True)
def little_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower all limits, so that few messages take several batches."""
    monkeypatch.setattr("chatlogs.queries.search.FIRST_BATCH", 30)
    monkeypatch.setattr("chatlogs.queries.search.LARGEST_BATCH", 70)
    monkeypatch.setattr("chatlogs.search.backends.postgres.PROBED", 40)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_what_is_typed_finds_what_the_oracle_finds(chunk: int, hostile_archive: Path) -> None:
    messages = read_all()
    asker = Asker(Random(f"typed {chunk}"), messages)
    for _ in range(QUERIES):
        asker.ask()
        check(asker, messages)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_filters_narrow_it_as_the_oracle_does(chunk: int, hostile_archive: Path) -> None:
    messages = read_all()
    random = Random(f"filtered {chunk}")
    asker = Asker(random, messages)
    for number in range(QUERIES):
        others = random.sample(FIELDS, random.choice((0, 0, 1, 3)))
        asker.ask([*{FIELDS[number % len(FIELDS)], *others}])
        check(asker, messages)


def test_many_names_find_what_the_oracle_finds(hostile_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.search.conditions.MOST_ALIASES_ASKED_FOR", 0)
    messages = read_all()
    asker = Asker(Random("names"), messages)
    for number in range(40):
        asker.ask([("sender", "member")[number % 2]])
        check(asker, messages)


@pytest.mark.parametrize("field", FIELDS)
def test_a_filter_alone_finds_what_the_oracle_finds(field: str, hostile_archive: Path) -> None:
    messages = read_all()
    asker = Asker(Random(field), messages)
    for _ in range(10):
        asker.ask([field], is_typing=False)
        check(asker, messages)


@pytest.mark.parametrize("make_change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_it_is_so_again(make_change: Change, hostile_archive: Path, is_thorough: bool) -> None:
    random = Random(make_change.__name__)
    for _ in range(2 if is_thorough else 1):
        make_change(hostile_archive, random)
        messages = read_all()
        asker = Asker(random, messages)
        for number in range(40):
            asker.ask(random.sample(FIELDS, number % 2))
            check(asker, messages)


def check(asker: Asker, messages: Sequence[Seen]) -> None:
    """Compare pages and counts."""
    expected = find(asker.question, messages)
    assert walk(asker) == expected, asker.parameters
    conditions = asker.filters.conditions
    assert get_count(Search(conditions, read_scope(conditions), CLOCK)) == len(expected), asker.parameters


def walk(asker: Asker) -> list[int]:
    """Return the ids on all pages."""
    filters = asker.filters
    assert filters.is_valid(), (asker.parameters, filters.errors)
    cursor: Cursor | None = Cursor(oldest_first=filters.is_oldest_first)
    ids: list[int] = []
    while cursor:
        page = Search(filters.conditions, read_scope(filters.conditions), CLOCK).page(cursor)
        ids += [one.pk for one in page.messages]
        cursor = next_cursor(page)
    return ids


def next_cursor(page: MessagePage) -> Cursor | None:
    if page.oldest_first:
        return Cursor(newer=page.newer, oldest_first=True) if page.newer else None
    return Cursor(older=page.older) if page.older else None
