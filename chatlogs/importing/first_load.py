"""Filling an empty database: up to twice as fast without foreign keys to check row by row."""

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
def first_load() -> Iterator[None]:
    """Without foreign keys while there is no message yet; with all of them checked at the end.

    Every file's transaction holds what its rows refer to, so that a killed import leaves no row
    without; PostgreSQL's keys, dropped for the time being, are restored when the next one begins.
    """
    is_postgres = connection.vendor == "postgresql"
    if connection.in_atomic_block:
        yield
        return
    if is_postgres:
        restore_foreign_keys()
    if Message.objects.exists():
        yield
        return
    with _without_keys() if is_postgres else _without_checks():
        yield


@contextmanager
def _without_keys() -> Iterator[None]:
    drop_foreign_keys()
    try:
        yield
    finally:
        restore_foreign_keys()


@contextmanager
def _without_checks() -> Iterator[None]:
    connection.disable_constraint_checking()
    try:
        yield
    finally:
        connection.enable_constraint_checking()
        connection.check_constraints([model._meta.db_table for model in FILLED])


@contextmanager
def unhurried_commits() -> Iterator[None]:
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


def drop_foreign_keys() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for (table, _), name in _existing(cursor).items():
            cursor.execute(f"ALTER TABLE {_quote(table)} DROP CONSTRAINT {_quote(name)}")


def restore_foreign_keys() -> None:
    """Add those that are missing; the database checks every row."""
    with transaction.atomic(), connection.cursor() as cursor:
        existing = _existing(cursor)
        for key in _declared():
            if (key.table, key.column) not in existing:
                cursor.execute(
                    f"ALTER TABLE {_quote(key.table)} ADD CONSTRAINT {_quote(f'{key.table}_{key.column}_fk')}"
                    f" FOREIGN KEY ({_quote(key.column)})"
                    f" REFERENCES {_quote(key.to_table)} ({_quote(key.to_column)})"
                    " DEFERRABLE INITIALLY DEFERRED"
                )


def _declared() -> Iterator[ForeignKey]:
    for model in FILLED:
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                to = field.target_field
                yield ForeignKey(model._meta.db_table, field.column, to.model._meta.db_table, str(to.column))


def _existing(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """(table, column) -> name of the constraint."""
    tables = [model._meta.db_table for model in FILLED]
    cursor.execute(
        """
        SELECT pg_class.relname, attname, conname
        FROM pg_constraint
        JOIN pg_class ON pg_class.oid = conrelid
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
        """,
        [tables],
    )
    return {(table, column): name for table, column, name in cursor.fetchall()}


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
