"""How long SQLite waits for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper


@contextmanager
def patience(cursor: CursorWrapper, milliseconds: int) -> Iterator[None]:
    """Of each statement on this connection."""
    cursor.execute("PRAGMA busy_timeout")
    (former,) = cursor.fetchone()
    cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {former}")
