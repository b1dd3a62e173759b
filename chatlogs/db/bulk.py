"""Writing many rows at once, by the fastest way that each database offers."""

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
Value = TypeVar("Value", int, str)

# SQLite takes 32,766 parameters a statement.
BATCH = 5000

# Below this many rows, COPY's extra round trip costs more than it saves.
FEW = 10

# Characters sent at a time.
COPY_CHUNK = 1 << 18

# Ids fetched at a time.
STOCK = 500


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows of database values: dates and times as strings, binary as bytes.

    COPY on PostgreSQL, `executemany` on SQLite: `bulk_create` takes 2.6 and 5 times as long.
    """
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
        elif len(rows) < FEW:
            _execute_values(cursor, f"INSERT INTO {table} ({names}) VALUES %s", rows)
        else:
            _copy(cursor, model, columns, rows)


def _copy(cursor: CursorWrapper, model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    fields = {field.column: field for field in model._meta.concrete_fields}
    binary = [index for index, name in enumerate(columns) if isinstance(fields[name], models.BinaryField)]
    lines = CsvLines(_with_hex(row, binary) for row in rows) if binary else CsvLines(rows)
    filled = ", ".join(name for name in columns if not fields[name].null)
    cursor.copy_expert(
        f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({filled}))",
        lines,
        COPY_CHUNK,
    )


class CsvLines:
    """Rows as a file to read from, which holds in memory what is being read alone."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)

    def read(self, size: int) -> str:
        """Whole lines: about so many characters, or more where one line has more; "" at the end."""
        buffer = io.StringIO()
        # The writer quotes what occurs in its line end, and PostgreSQL wants both characters quoted.
        writer = csv.writer(buffer, lineterminator="\r\n")
        while buffer.tell() < size and (rows := [*islice(self._rows, 16)]):
            writer.writerows(rows)
        return buffer.getvalue()


def _with_hex(row: Row, binary: list[int]) -> list[Any]:
    values = list(row)
    for index in binary:
        values[index] = "\\x" + values[index].hex()
    return values


class Ids:
    """Hands out ids for rows of a model that no other row has or will have.

    On PostgreSQL it keeps some in stock; on SQLite it must be asked within the writing transaction.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self._table = model._meta.db_table
        self._stock: deque[int] = deque()
        self._sequence = ""

    def take(self, count: int) -> list[int]:
        if count == 0:
            return []
        if connection.vendor != "postgresql":
            return self._after_last(count)
        if len(self._stock) < count:
            self._restock(count)
        return [self._stock.popleft() for _ in range(count)]

    def _after_last(self, count: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self._table])
            row = cursor.fetchone()
        last = row[0] if row else 0
        return list(range(last + 1, last + 1 + count))

    def _restock(self, count: int) -> None:
        with connection.cursor() as cursor:
            if not self._sequence:
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [self._table])
                (self._sequence,) = cursor.fetchone()
            # The name as a constant: looking it up for every number takes ten times as long.
            cursor.execute(f"SELECT nextval('{self._sequence}') FROM generate_series(1, %s)", [max(count, STOCK)])
            self._stock.extend(number for (number,) in cursor.fetchall())


def execute_for_rows(statement: str, casts: str, rows: Sequence[Row]) -> None:
    """Run one statement over rows, which it reads as `(VALUES …) AS given`.

    `statement` has `{given}` where that belongs, with columns `column1`, `column2` …; `casts` is
    PostgreSQL's template of one row, such as `(%s::bigint, %s::date)`.
    """
    if not rows:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _execute_values(cursor, statement.format(given="(VALUES %s)"), rows, casts)
        else:
            _execute_in_batches(cursor, statement, rows)


def _execute_values(cursor: CursorWrapper, statement: str, rows: Sequence[Row], template: str | None = None) -> None:
    from psycopg2.extras import execute_values  # Takes 20 ms, which an import into SQLite need not spend.

    execute_values(cursor.cursor, statement, rows, template, page_size=BATCH)


def _execute_in_batches(cursor: CursorWrapper, statement: str, rows: Sequence[Row]) -> None:
    one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        given = "(VALUES " + ", ".join([one] * len(batch)) + ")"
        cursor.execute(statement.format(given=given), [value for row in batch for value in row])


def refresh_statistics(*models_: type[models.Model]) -> None:
    """Let the database's planner look at the tables, after much of them is new."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models_)}")
        else:
            cursor.execute("PRAGMA optimize")


def in_batches(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    """As many at a time as a statement may ask for."""
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
