"""Speeds up the first import by dropping foreign keys and indexes until its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from chatlogs.models import Image, Link, Message, Segment

# The tables with the most rows.
FILLED = (Message, Segment, Link, Image)


class ForeignKey(NamedTuple):
    table: str
    column: str
    to_table: str
    to_column: str


@contextmanager
def bulk_load() -> Iterator[bool]:
    """Drop foreign keys and the indexes that only readers need if there are no messages; yield whether they were.

    Both are restored at the end, where every row is checked. Each file's transaction includes the rows that its rows
    refer to, so that a killed import leaves no dangling references; the next one must begin with `restore_schema`.
    """
    if connection.in_atomic_block or Message.objects.exists():
        yield False
        return
    _reduce_schema()
    try:
        yield True
    finally:
        restore_schema()


@contextmanager
def asynchronous_commits() -> Iterator[None]:
    """Do not wait for the disk at commits.

    A power failure may undo the last second's files; the next import writes them again. SQLite's write-ahead log is
    always configured like this.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _reduce_schema() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for index in _indexes_there(cursor):
            cursor.execute(f"DROP INDEX {_quote(index.name)}")
        if connection.vendor == "postgresql":
            for (table, _), name in _foreign_keys_there(cursor).items():
                cursor.execute(f"ALTER TABLE {_quote(table)} DROP CONSTRAINT {_quote(name)}")
    if connection.vendor != "postgresql":
        connection.disable_constraint_checking()


def restore_schema() -> None:
    """Restore the missing indexes and foreign keys."""
    with transaction.atomic(), connection.cursor() as cursor:
        there = {index.name for index in _indexes_there(cursor)}
        for index in Message._meta.indexes:
            if index.name not in there:
                cursor.execute(str(index.create_sql(Message, connection.schema_editor())))
        if connection.vendor == "postgresql":
            foreign_keys = _foreign_keys_there(cursor)
            for key in _foreign_keys():
                if (key.table, key.column) not in foreign_keys:
                    name = _quote(f"{key.table}_{key.column}_fk")
                    cursor.execute(
                        f"ALTER TABLE {_quote(key.table)} ADD CONSTRAINT {name} FOREIGN KEY ({_quote(key.column)})"
                        f" REFERENCES {_quote(key.to_table)} ({_quote(key.to_column)}) DEFERRABLE INITIALLY DEFERRED"
                    )
    if connection.vendor != "postgresql":
        connection.enable_constraint_checking()
        connection.check_constraints([model._meta.db_table for model in FILLED])


def _indexes_there(cursor: CursorWrapper) -> list[models.Index]:
    there = connection.introspection.get_constraints(cursor, Message._meta.db_table)
    return [index for index in Message._meta.indexes if index.name in there]


def _foreign_keys() -> Iterator[ForeignKey]:
    for model in FILLED:
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                to = field.target_field
                yield ForeignKey(model._meta.db_table, field.column, to.model._meta.db_table, str(to.column))


def _foreign_keys_there(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """Return the names of constraints by (table, column)."""
    cursor.execute(
        """
        SELECT pg_class.relname, attname, conname
        FROM pg_constraint
        JOIN pg_class ON pg_class.oid = conrelid
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
        """,
        [[model._meta.db_table for model in FILLED]],
    )
    return {(table, column): name for table, column, name in cursor.fetchall()}


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
