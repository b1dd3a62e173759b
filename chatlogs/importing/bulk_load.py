"""Filling an empty database: without what would check or sort every row as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from chatlogs.models import Image, Link, Message, Segment

# A row a message or more, and all of them references.
FILLED = (Message, Segment, Link, Image)


class ForeignKey(NamedTuple):
    table: str
    column: str
    to_table: str
    to_column: str


@contextmanager
def bulk_load() -> Iterator[bool]:
    """While there is no message yet, without foreign keys and without the indexes that only readers need.

    Both come back in the end, and every row is checked then. Each file's transaction holds what its
    rows refer to, so that a killed import leaves no row without; the next one must begin with
    `restore_schema`. Gives whether this is a first load.
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
    """Commits that do not wait for the disk.

    A power failure may take the last second's files back, whole; the next import brings them again.
    SQLite's write-ahead log is set up like this anyway.
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
    """Bring back what a first load does without, as far as it is missing."""
    with transaction.atomic(), connection.cursor() as cursor:
        there = {index.name for index in _indexes_there(cursor)}
        for index in Message._meta.indexes:
            if index.name not in there:
                cursor.execute(str(index.create_sql(Message, connection.schema_editor())))
        if connection.vendor == "postgresql":
            _restore_foreign_keys(cursor)
    if connection.vendor != "postgresql":
        connection.enable_constraint_checking()
        connection.check_constraints([model._meta.db_table for model in FILLED])


def _indexes_there(cursor: CursorWrapper) -> list[models.Index]:
    there = connection.introspection.get_constraints(cursor, Message._meta.db_table)
    return [index for index in Message._meta.indexes if index.name in there]


def _restore_foreign_keys(cursor: CursorWrapper) -> None:
    there = _foreign_keys_there(cursor)
    for key in _foreign_keys():
        if (key.table, key.column) not in there:
            cursor.execute(
                f"ALTER TABLE {_quote(key.table)} ADD CONSTRAINT {_quote(f'{key.table}_{key.column}_fk')}"
                f" FOREIGN KEY ({_quote(key.column)}) REFERENCES {_quote(key.to_table)} ({_quote(key.to_column)})"
                " DEFERRABLE INITIALLY DEFERRED"
            )


def _foreign_keys() -> Iterator[ForeignKey]:
    for model in FILLED:
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                to = field.target_field
                yield ForeignKey(model._meta.db_table, field.column, to.model._meta.db_table, str(to.column))


def _foreign_keys_there(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """(table, column) -> name of the constraint."""
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
