"""The index on SQLite: contentless FTS5 without columns and token positions; row ids are message positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from operator import add
from typing import Any, TypeVar

from django.db import connection

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.lookups import Document, Lookup, Tally, mention_token
from chatlogs.search.terms import Token

# Rows fetched at a time.
FETCHED = 5_000

ROOM, ALIAS = "\ue010", "\ue011"

# SQLite allows 2,000.
MOST_COLUMNS = 500

Value = TypeVar("Value", int, str)

MATCHING = "chatlogs_search MATCH %s AND rowid >= %s AND rowid < %s"


def index(documents: Iterable[Document]) -> None:
    rows = [(document.position, " ".join(_tokens(document))) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO chatlogs_search (rowid, tokens) VALUES (%s, %s)", rows)


def remove(documents: Iterable[Document]) -> None:
    """Delete documents. A contentless FTS5 table needs their tokens for this."""
    rows = [(document.position, " ".join(_tokens(document))) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO chatlogs_search (chatlogs_search, rowid, tokens) VALUES ('delete', %s, %s)", rows
        )


def clear() -> None:
    _command("delete-all")


def finish() -> None:
    """Merge the index into one segment."""
    _command("optimize")


def read_tokens() -> Iterator[tuple[int, str]]:
    """Yield (position, token), ordered by token."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.chatlogs_search_tokens"
            " USING fts5vocab(main, chatlogs_search, instance)"
        )
        cursor.execute("SELECT doc, term FROM temp.chatlogs_search_tokens")
        while rows := cursor.fetchmany(FETCHED):
            yield from rows


def expected_tokens(document: Document) -> Iterable[str]:
    return _tokens(document)


def match(lookup: Lookup, limit: int, *, oldest_first: bool) -> list[int]:
    order = "ASC" if oldest_first else "DESC"
    statement = f"SELECT rowid FROM chatlogs_search WHERE {MATCHING} ORDER BY rowid {order} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_parameters(lookup), limit])
        return [position for (position,) in cursor.fetchall()]


def count(lookups: Sequence[Lookup], limit: int) -> list[int]:
    matching = f"(SELECT count(*) FROM (SELECT 1 FROM chatlogs_search WHERE {MATCHING} LIMIT %s))"
    return _count_each(matching, [(*_parameters(lookup), limit) for lookup in lookups])


def tally(lookup: Lookup, tally: Tally) -> None:
    """Count each value with a query of its own: the rarer the value, the cheaper."""
    _tally_tokens(lookup, tally.rooms, _room)
    _tally_tokens(lookup, tally.aliases, _alias)
    for name, counts in tally.attributes.items():
        _tally_tokens(lookup, counts, ATTRIBUTES[name].token)
    matching, spans = _expression(lookup), pairwise(tally.bounds)
    by_span = _count_all([(matching, max(low, lookup.low), min(high, lookup.high)) for low, high in spans])
    tally.spans[:] = map(add, tally.spans, by_span)


def _tally_tokens(lookup: Lookup, counts: dict[Value, int], token: Callable[[Value], Token]) -> None:
    asked = [(_expression(lookup, token(value)), lookup.low, lookup.high) for value in counts]
    for value, count in zip(counts, _count_all(asked), strict=True):
        counts[value] += count


def _count_all(asked: Sequence[tuple[str, int, int]]) -> list[int]:
    return _count_each(f"(SELECT count(*) FROM chatlogs_search WHERE {MATCHING})", asked)


def _count_each(statement: str, asked: Sequence[tuple[Any, ...]]) -> list[int]:
    """Return the result of the statement for each set of parameters, as columns of one statement."""
    counts: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(asked), MOST_COLUMNS):
            some = asked[start : start + MOST_COLUMNS]
            cursor.execute(f"SELECT {', '.join([statement] * len(some))}", [*chain.from_iterable(some)])
            counts += cursor.fetchone()
    return counts


def _parameters(lookup: Lookup) -> list[Any]:
    return [_expression(lookup), lookup.low, lookup.high]


def _expression(lookup: Lookup, *further: Token) -> str:
    """Return the FTS5 expression. FTS5 has no unary NOT: a lookup that requires nothing requires any kind."""
    groups = [
        [*map(_room, lookup.rooms or ())],
        [*map(_alias, lookup.aliases or ())],
        *([*map(mention_token, names)] for names in lookup.mentioned),
    ]
    wanted = [_quoted(token) for token in (*lookup.all_of, *further)]
    wanted += [f"({' OR '.join(map(_quoted, group))})" for group in groups if group]
    if not wanted:
        kind = ATTRIBUTES["kind"]
        wanted = [f"({' OR '.join(_quoted(kind.token(value)) for value in kind.choices)})"]
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
