"""Whose words quotations quote: said earlier that day, under one name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from chatlogs.models import Message
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.quotations import RULE, find_quotation

# Shorter words are said by many.
SHORTEST_QUOTED = 4


class Quoted(NamedTuple):
    """A message that quotes words: where, whose, and the words without spaces."""

    day_id: int
    room_id: int
    position: int
    name: str
    words: str


class Author(NamedTuple):
    """A quoted name, and the alias under which the words were said."""

    day_id: int
    room_id: int
    name: str
    alias_id: int


def find_authors(day_ids: Collection[int]) -> Iterator[Author]:
    """Of the quotations on these days, those whose words are found."""
    quotations = list(_read_quotations(day_ids))
    said = _read_said({(quoted.day_id, quoted.words) for quoted in quotations})
    for quoted in quotations:
        authors = {author for at, author in said[quoted.day_id, quoted.words] if at < quoted.position}
        if len(authors) == 1:
            yield Author(quoted.day_id, quoted.room_id, quoted.name, authors.pop())


def _read_quotations(day_ids: Collection[int]) -> Iterator[Quoted]:
    messages = Message.objects.shown().filter(day__in=day_ids, text__contains=RULE).in_time_order()
    for day_id, room_id, position, text in messages.values_list("day_id", "room_id", "position", "text"):
        quotation = find_quotation(text)
        if quotation and quotation.name not in ("", EXPORTER):
            words = _plain(quotation.text)
            if len(words) >= SHORTEST_QUOTED:
                yield Quoted(day_id, room_id, position, quotation.name, words)


def _read_said(wanted: set[tuple[int, str]]) -> defaultdict[tuple[int, str], list[tuple[int, int]]]:
    """(day, words) -> where, and under which names, they were said."""
    beginnings = {(day_id, words[0]) for day_id, words in wanted}
    said: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    messages = Message.objects.shown().filter(day__in={day_id for day_id, _ in wanted}, alias__isnull=False)
    for day_id, position, alias_id, text in messages.order_by().values_list("day_id", "position", "alias_id", "text"):
        if (day_id, text.lstrip()[:1]) in beginnings and (day_id, words := _plain(text)) in wanted:
            said[day_id, words].append((position, alias_id))
    return said


def _plain(text: str) -> str:
    """Regardless of what quoting does to spaces and lost signs."""
    return "".join(text.split()).rstrip("?")
