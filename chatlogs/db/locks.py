"""Locks between processes: the import lock, and SQLite's busy timeout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def busy_timeout(cursor: CursorWrapper, milliseconds: int) -> Iterator[None]:
    """Set SQLite's busy timeout for statements on this connection, and restore it."""
    cursor.execute("PRAGMA busy_timeout")
    (former,) = cursor.fetchone()
    cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {former}")


# Key of PostgreSQL's advisory lock: "qunlu" in ASCII.
ADVISORY_LOCK = 0x71756E6C75


class ImportIsRunning(Exception):
    """Another process holds the import lock."""


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the lock that only one import may hold. Raises ImportIsRunning without waiting.

    PostgreSQL's lock belongs to the session: a connection pooler must not share sessions between transactions.
    """
    with _advisory_lock() if connection.vendor == "postgresql" else _file_lock():
        yield


@contextmanager
def _advisory_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportIsRunning
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


@contextmanager
def _file_lock() -> Iterator[None]:
    """Lock a file next to the database. No other process can open a database in memory, so that needs no lock."""
    database = str(connection.settings_dict["NAME"])
    if ":memory:" in database or "mode=memory" in database:
        yield
        return
    descriptor = os.open(f"{database}.import-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportIsRunning from None
        yield
    finally:
        os.close(descriptor)
