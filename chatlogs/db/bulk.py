"""Bulk writes, by the fastest method of each database."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Row = Sequence[Any]
Value = TypeVar("Value")

# Rows or values per statement; SQLite allows 32,766 parameters.
BATCH = 5000

# Below this number of rows, COPY's extra round trip costs more than it saves.
MIN_ROWS_FOR_COPY = 10

# In characters.
COPY_CHUNK = 1 << 18

# Ids fetched from a PostgreSQL sequence at a time.
ID_BATCH = 500


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows of database values: dates and times as strings, binary as bytes.

    Uses COPY on PostgreSQL and `executemany` on SQLite; `bulk_create` takes 2.6 and 5 times as long.
    """
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
        elif len(rows) < MIN_ROWS_FOR_COPY:
            _execute_values(cursor, f"INSERT INTO {table} ({names}) VALUES %s", rows)
        else:
            _copy(cursor, model, columns, rows)


def _copy(cursor: CursorWrapper, model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    fields = {field.column: field for field in model._meta.concrete_fields}
    binary = [index for index, name in enumerate(columns) if isinstance(fields[name], models.BinaryField)]
    if binary:
        rows = ([f"\\x{value.hex()}" if index in binary else value for index, value in enumerate(row)] for row in rows)
    filled = ", ".join(name for name in columns if not fields[name].null)
    cursor.copy_expert(
        f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({filled}))",
        CsvReader(rows),
        COPY_CHUNK,
    )


class CsvReader:
    """A readable file of rows as CSV, which holds only the current chunk in memory."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)

    def read(self, size: int) -> str:
        """Return whole lines: about `size` characters, more if a single line is longer, "" at the end."""
        buffer = io.StringIO()
        # The writer quotes the characters of its line terminator, and PostgreSQL needs both of them quoted.
        writer = csv.writer(buffer, lineterminator="\r\n")
        while buffer.tell() < size and (rows := [*islice(self._rows, 16)]):
            writer.writerows(rows)
        return buffer.getvalue()


class IdAllocator:
    """Reserves primary keys for new rows of a model.

    On PostgreSQL they come from the sequence, in batches; on SQLite, call it inside the writing transaction.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._table = model._meta.db_table
        self._reserved: deque[int] = deque()
        self._sequence = ""

    def take(self, count: int) -> list[int]:
        if count == 0:
            return []
        with connection.cursor() as cursor:
            if connection.vendor != "postgresql":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._table])
                row = cursor.fetchone()
                last = row[0] if row else 0
                return list(range(last + 1, last + 1 + count))
            if len(self._reserved) < count:
                self._reserve(cursor, max(count, ID_BATCH))
        return [self._reserved.popleft() for _ in range(count)]

    def _reserve(self, cursor: CursorWrapper, count: int) -> None:
        if not self._sequence:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [self._table])
            (self._sequence,) = cursor.fetchone()
        # The sequence's name is a constant of the statement: looking it up for each number takes ten times as long.
        cursor.execute(f"SELECT nextval('{self._sequence}') FROM generate_series(1, %s)", [count])
        self._reserved.extend(number for (number,) in cursor.fetchall())


def execute_for_rows(statement: str, casts: str, rows: Sequence[Row]) -> None:
    """Run a statement that reads `rows` as a VALUES list.

    The list replaces `{given}` in `statement` and has the columns `column1`, `column2` …; `casts` is the row template
    for PostgreSQL, such as `(%s::bigint, %s::date)`.
    """
    if not rows:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _execute_values(cursor, statement.format(given="(VALUES %s)"), rows, casts)
            return
        row_template = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
        for batch in in_batches(rows):
            given = "(VALUES " + ", ".join([row_template] * len(batch)) + ")"
            cursor.execute(statement.format(given=given), [value for row in batch for value in row])


def _execute_values(cursor: CursorWrapper, statement: str, rows: Sequence[Row], template: str | None = None) -> None:
    from psycopg2.extras import execute_values  # Costs 20 ms, which imports into SQLite need not pay.

    execute_values(cursor.cursor, statement, rows, template, page_size=BATCH)


def refresh_statistics(*models_: type[models.Model]) -> None:
    """Update the query planner's statistics of these tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models_)}")
        else:
            cursor.execute("PRAGMA optimize")


def in_batches(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    """Split values into slices that fit in one statement."""
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
