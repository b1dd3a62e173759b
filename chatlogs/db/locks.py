"""How long SQLite waits for others."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def busy_timeout(cursor: CursorWrapper, milliseconds: int) -> Iterator[None]:
    """Of each statement on this connection."""
    cursor.execute("PRAGMA busy_timeout")
    (former,) = cursor.fetchone()
    cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {former}")


# Any number that nothing else in the database uses: "qunlu" in ASCII.
ADVISORY_LOCK = 0x71756E6C75


class ImportIsRunning(Exception):
    """Another process holds the lock."""


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the lock, or raise ImportIsRunning at once.

    PostgreSQL's lock belongs to the session: a pooler must not share it between transactions.
    """
    with _postgres_lock() if connection.vendor == "postgresql" else _file_lock():
        yield


@contextmanager
def _postgres_lock() -> Iterator[None]:
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
    """A lock on a file beside the database; a database in memory has no other process."""
    database = str(connection.settings_dict["NAME"])
    if ":memory:" in database or "mode=memory" in database:
        yield
        return
    descriptor = os.open(f"{database}.import-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ImportIsRunning from None
