"""The index on SQLite: FTS5 without content, without columns, without places; its row ids are positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from django.db import connection

from chatlogs.search.lookups import KINDS, Document, Lookup, kind_token, mention_token
from chatlogs.search.tallies import Tally
from chatlogs.search.terms import Token

# Rows taken from the database at a time.
FETCHED = 5_000

ROOM, ALIAS = "\ue010", "\ue011"

MATCHING = "chatlogs_search MATCH %s AND rowid >= %s AND rowid < %s"


def index(documents: Iterable[Document]) -> None:
    rows = [(document.position, " ".join(_tokens(document))) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO chatlogs_search (rowid, tokens) VALUES (%s, %s)", rows)


def remove(documents: Iterable[Document]) -> None:
    """FTS5 forgets only what it is told again: the documents as they were indexed."""
    rows = [(document.position, " ".join(_tokens(document))) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO chatlogs_search (chatlogs_search, rowid, tokens) VALUES ('delete', %s, %s)", rows
        )


def clear() -> None:
    _command("delete-all")


def finish() -> None:
    """Merge the index into one piece, which is read fastest."""
    _command("optimize")


def read_tokens() -> Iterator[tuple[int, str]]:
    """Each document's position with each of its tokens, in the order of the tokens."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.chatlogs_search_tokens"
            " USING fts5vocab(main, chatlogs_search, instance)"
        )
        cursor.execute("SELECT doc, term FROM temp.chatlogs_search_tokens")
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def expected_tokens(document: Document) -> Iterable[str]:
    """What `read_tokens` gives of a document that is indexed as it should be."""
    return _tokens(document)


def match(lookup: Lookup, limit: int, *, oldest_first: bool) -> list[int]:
    order = "ASC" if oldest_first else "DESC"
    statement = f"SELECT rowid FROM chatlogs_search WHERE {MATCHING} ORDER BY rowid {order} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_parameters(lookup), limit])
        return [position for (position,) in cursor.fetchall()]


def count(lookup: Lookup, limit: int) -> int:
    statement = f"SELECT count(*) FROM (SELECT 1 FROM chatlogs_search WHERE {MATCHING} LIMIT %s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_parameters(lookup), limit])
        return int(cursor.fetchone()[0])


def tally(lookup: Lookup, tally: Tally) -> None:
    """Add up by asking again for each value: it costs the less, the rarer the value."""
    for room_id in tally.rooms:
        tally.rooms[room_id] += _count_with(lookup, _room(room_id))
    for kind in tally.kinds:
        tally.kinds[kind] += _count_with(lookup, kind_token(kind))
    for alias_id in tally.aliases:
        tally.aliases[alias_id] += _count_with(lookup, _alias(alias_id))
    for place, (low, high) in enumerate(pairwise(tally.bounds)):
        tally.spans[place] += _count_between(lookup, low, high)


def _count_with(lookup: Lookup, token: Token) -> int:
    return _count_all(_expression(lookup, token), lookup.low, lookup.high)


def _count_between(lookup: Lookup, low: int, high: int) -> int:
    return _count_all(_expression(lookup), max(low, lookup.low), min(high, lookup.high))


def _count_all(expression: str, low: int, high: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM chatlogs_search WHERE {MATCHING}", [expression, low, high])
        return int(cursor.fetchone()[0])


def _parameters(lookup: Lookup) -> list[Any]:
    return [_expression(lookup), lookup.low, lookup.high]


def _expression(lookup: Lookup, *further: Token) -> str:
    """FTS5 must be asked for something: where only what is not wanted is told, for every kind."""
    groups = [
        lookup.any_of,
        [*map(_room, lookup.rooms or ())],
        [*map(_alias, lookup.aliases or ())],
        *([*map(mention_token, names)] for names in lookup.mentioned),
    ]
    wanted = [_quoted(token) for token in (*lookup.all_of, *further)]
    wanted += [f"({' OR '.join(map(_quoted, group))})" for group in groups if group]
    if not wanted:
        wanted = [f"({' OR '.join(_quoted(kind_token(kind)) for kind in KINDS)})"]
    return " NOT ".join([f"({' AND '.join(wanted)})", *map(_quoted, lookup.none_of)])


def _tokens(document: Document) -> set[str]:
    tokens = document.tokens()
    tokens.add(_room(document.room_id).text)
    if document.alias_id is not None:
        tokens.add(_alias(document.alias_id).text)
    return tokens


def _room(room_id: int) -> Token:
    return Token(f"{ROOM}{room_id}")


def _alias(alias_id: int) -> Token:
    return Token(f"{ALIAS}{alias_id}")


def _quoted(token: Token) -> str:
    return f'"{token.text}"*' if token.is_beginning else f'"{token.text}"'


def _command(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO chatlogs_search (chatlogs_search) VALUES (%s)", [name])
