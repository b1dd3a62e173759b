"""The index on PostgreSQL: a table of tsvectors without token positions, and a GIN index."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from operator import add
from typing import Any, NamedTuple

from django.db import connection

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.lookups import LOWEST, Document, Lookup, Tally, mention_token
from chatlogs.search.terms import Token

# Rows probed to estimate, in a millisecond, how frequent a match is.
PROBED = 2_000
# Cost of a row fetched by GIN, in rows read in order of time.
WALKED_PER_FETCHED = 8

# Rows fetched at a time.
FETCHED = 5_000

BUILD_MEMORY = "256MB"

# Attributes that have a column, besides their tokens.
ATTRIBUTE_COLUMNS = ("kind",)


def index(documents: Iterable[Document]) -> None:
    """Use COPY. Neither tokens nor kinds contain characters that its text format escapes."""
    lines = io.StringIO()
    for document in documents:
        alias = r"\N" if document.alias_id is None else document.alias_id
        tokens = " ".join(document.tokens())
        lines.write(f"{document.position}\t{document.room_id}\t{alias}\t{document.kind}\t{tokens}\n")
    lines.seek(0)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert("COPY chatlogs_search (position, room_id, alias_id, kind, vector) FROM STDIN", lines)


def remove(documents: Iterable[Document]) -> None:
    positions = [document.position for document in documents]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM chatlogs_search WHERE position = ANY(%s)", [positions])


def clear() -> None:
    """Drop the GIN index, too: `finish` builds it in a fraction of the time."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS chatlogs_search_vector")
        cursor.execute("TRUNCATE chatlogs_search")


def finish() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [BUILD_MEMORY])
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS chatlogs_search_vector ON chatlogs_search USING gin (vector)"
            " WITH (fastupdate = off)"
        )
        cursor.execute("ANALYZE chatlogs_search")


def read_tokens() -> Iterator[tuple[int, str]]:
    """Yield (position, token), and (position, columns), document by document."""
    last = LOWEST
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT position, room_id, alias_id, kind, tsvector_to_array(vector) FROM chatlogs_search"
                " WHERE position > %s ORDER BY position LIMIT %s",
                [last, FETCHED],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            for position, *columns, tokens in rows:
                yield position, repr(columns)
                yield from ((position, token) for token in tokens)
            last = rows[-1][0]


def expected_tokens(document: Document) -> Iterable[str]:
    return {repr([document.room_id, document.alias_id, document.kind]), *document.tokens()}


def match(lookup: Lookup, limit: int, *, oldest_first: bool) -> list[int]:
    """Match by the columns alone if there are no words; else by reading rows in order of time or, where that takes
    longer, by the GIN index, which fetches all matches unordered."""
    order = "ASC" if oldest_first else "DESC"
    if not _word_condition(lookup).parameters:
        row = _row_condition(lookup)
        statement = f"SELECT position FROM chatlogs_search WHERE {row.sql} ORDER BY position {order} LIMIT %s"
        return _read_integers(statement, [*row.parameters, limit])
    near = _match_near(lookup, limit, order, PROBED)
    if len(near) == limit:
        return near
    if near:
        needed = PROBED * limit // len(near)
        # The estimate of the last ANALYZE.
        (rows,) = _read_integers(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'chatlogs_search'::regclass", []
        )
        if needed < rows * len(near) // PROBED * WALKED_PER_FETCHED:
            near = _match_near(lookup, limit, order, needed * 3 // 2)
            if len(near) == limit:
                return near
    where = _condition(lookup)
    # OFFSET 0 keeps the planner from scanning all rows in order of time.
    statement = f"""
        SELECT position FROM (SELECT position FROM chatlogs_search WHERE {where.sql} OFFSET 0) AS found
        ORDER BY position {order} LIMIT %s
    """
    return _read_integers(statement, [*where.parameters, limit])


def _match_near(lookup: Lookup, limit: int, order: str, window: int) -> list[int]:
    """Match the first `window` rows: those of the room or name if there is only one, else all."""
    inner, outer = _row_condition(lookup), _word_condition(lookup)
    if len(lookup.rooms or ()) > 1 or len(lookup.aliases or ()) > 1:
        inner, outer = _row_condition(Lookup(low=lookup.low, high=lookup.high)), _condition(lookup)
    statement = f"""
        SELECT position FROM (
            SELECT * FROM chatlogs_search WHERE {inner.sql} ORDER BY position {order} LIMIT %s
        ) AS near
        WHERE {outer.sql} ORDER BY position {order} LIMIT %s
    """
    return _read_integers(statement, [*inner.parameters, window, *outer.parameters, limit])


def count(lookups: Sequence[Lookup], limit: int) -> list[int]:
    conditions = [_condition(lookup) for lookup in lookups]
    counts = [
        f"(SELECT count(*) FROM (SELECT 1 FROM chatlogs_search WHERE {where.sql} LIMIT %s) AS found)"
        for where in conditions
    ]
    with connection.cursor() as cursor:
        parameters = [parameter for where in conditions for parameter in (*where.parameters, limit)]
        cursor.execute(f"SELECT {', '.join(counts)}", parameters)
        return [*cursor.fetchone()]


def tally(lookup: Lookup, tally: Tally) -> None:
    """Count columns in one scan of the matches; attributes without a column, by their tokens, in a second one."""
    where = _condition(lookup)
    spans = dict.fromkeys(range(1, len(tally.spans) + 1), 0)
    counted: dict[str, dict[Any, int]] = {"room_id": tally.rooms, "alias_id": tally.aliases, "span": spans}
    counted |= {name: counts for name, counts in tally.attributes.items() if name in ATTRIBUTE_COLUMNS}
    names = ", ".join(counted)
    statement = f"""
        SELECT {names}, count(*), grouping({names})
        FROM (
            SELECT *, width_bucket(position, %s::bigint[]) AS span FROM chatlogs_search WHERE {where.sql}
        ) AS found
        GROUP BY GROUPING SETS ({names})
    """
    # A row of one column's group has the bits of all others set; the first column's bit is the highest.
    all_bits = (1 << len(counted)) - 1
    groups = {all_bits ^ (1 << place): name for place, name in enumerate(reversed(counted))}
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(tally.bounds), *where.parameters])
        for *values, number, grouping in cursor.fetchall():
            name = groups[grouping]
            value = values[[*counted].index(name)]
            if value in counted[name]:
                counted[name][value] += number
        tally.spans[:] = map(add, tally.spans, spans.values())
        tokens = {
            (name, value): _lexeme(ATTRIBUTES[name].token(value))
            for name, counts in tally.attributes.items()
            if name not in ATTRIBUTE_COLUMNS
            for value in counts
        }
        if tokens:
            columns = ", ".join(["count(*) FILTER (WHERE vector @@ %s::tsquery)"] * len(tokens))
            statement = f"SELECT {columns} FROM chatlogs_search WHERE {where.sql}"
            cursor.execute(statement, [*tokens.values(), *where.parameters])
            for (name, value), number in zip(tokens, cursor.fetchone(), strict=True):
                tally.attributes[name][value] += number


def _read_integers(statement: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [number for (number,) in cursor.fetchall()]


class Condition(NamedTuple):
    sql: str
    parameters: list[Any]


def _condition(lookup: Lookup) -> Condition:
    row, words = _row_condition(lookup), _word_condition(lookup)
    return Condition(f"{words.sql} AND {row.sql}", [*words.parameters, *row.parameters])


def _row_condition(lookup: Lookup) -> Condition:
    """Return the condition on columns. Aliases have no tokens: GIN takes seconds for the union of a thousand."""
    parts = ["position >= %s", "position < %s"]
    parameters: list[Any] = [lookup.low, lookup.high]
    for column, values in (("room_id", lookup.rooms), ("alias_id", lookup.aliases)):
        if values is not None and len(values) == 1:  # An equality keeps the order of the index, ANY does not.
            parts.append(f"{column} = %s")
            parameters.append(values[0])
        elif values is not None:
            parts.append(f"{column} = ANY(%s)")
            parameters.append(list(values))
    return Condition(" AND ".join(parts), parameters)


def _word_condition(lookup: Lookup) -> Condition:
    """Return the condition on tokens, which contain no character with a meaning in tsquery syntax."""
    parts = [_lexeme(token) for token in lookup.all_of]
    parts += [f"({' | '.join(_lexeme(mention_token(name)) for name in names)})" for names in lookup.mentioned if names]
    parts += [f"!{lexeme}" for lexeme in map(_lexeme, lookup.none_of)]
    return Condition("vector @@ %s::tsquery", [" & ".join(parts)]) if parts else Condition("true", [])


def _lexeme(token: Token) -> str:
    return f"{token.text}:*" if token.is_beginning else token.text
