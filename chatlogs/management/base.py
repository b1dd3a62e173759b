"""What the commands share: the import lock, errors of the database, and a progress bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import Error

from chatlogs.importing import ImportIsRunning, import_lock


@contextmanager
def database_errors(hint: str = "") -> Iterator[None]:
    """Turn a database error into a CommandError with status 2: its first line, then the hint."""
    try:
        yield
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"the database failed: {reason}{hint}", returncode=2) from error


@contextmanager
def exclusive_access(
    busy: str = "an import is running: try again when it has finished", hint: str = ""
) -> Iterator[None]:
    """Hold the import lock. Status 2 if another process has it, or if the database fails."""
    try:
        with database_errors(hint), import_lock():
            yield
    except ImportIsRunning:
        raise CommandError(busy, returncode=2) from None
