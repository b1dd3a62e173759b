"""Reading that takes too long is broken off, on either database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

# SQLite asks whether to go on after so many of its steps, some tenths of a millisecond.
STEPS = 20_000


class TimeLimitExceeded(Exception):
    """The database did not answer in time."""


class Clock:
    """What is left of a time limit, for work between the statements."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Less than 0 when it is up."""
        return self._end - time.monotonic()

    def is_up(self) -> bool:
        return self.seconds_left < 0

    def check(self) -> None:
        if self.is_up():
            raise TimeLimitExceeded


@contextmanager
def time_limit(seconds: float) -> Iterator[Clock]:
    """Raise TimeIsUp out of a statement that runs longer. For reading alone: on PostgreSQL it is a
    transaction, rolled back when the time is up."""
    clock = Clock(seconds)
    clock.check()
    limited = _postgres_limit(seconds) if connection.vendor == "postgresql" else _sqlite_limit(clock)
    with limited:
        yield clock


@contextmanager
def _postgres_limit(seconds: float) -> Iterator[None]:
    try:
        with transaction.atomic():
            _set_statement_timeout(f"{max(1, round(seconds * 1000))}ms")
            yield
            _set_statement_timeout("DEFAULT")  # An outer transaction goes on.
    except OperationalError as error:
        if type(error.__cause__).__name__ != "QueryCanceled":
            raise
        raise TimeLimitExceeded from error


def _set_statement_timeout(value: str) -> None:
    with connection.cursor() as cursor:
        if value == "DEFAULT":
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        else:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])


@contextmanager
def _sqlite_limit(clock: Clock) -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    raw.set_progress_handler(clock.is_up, STEPS)
    try:
        yield
    except OperationalError as error:
        if str(error) != "interrupted":
            raise
        raise TimeLimitExceeded from error
    finally:
        raw.set_progress_handler(None, 0)
