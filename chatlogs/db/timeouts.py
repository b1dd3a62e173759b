"""Time limits for reads, on both databases."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

# SQLite calls the progress handler after this number of virtual machine steps: some tenths of a millisecond.
STEPS = 20_000


class TimeLimitExceeded(Exception):
    """A statement or the work between statements took too long."""


class Clock:
    """The remaining time of a limit, for work between statements."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Negative when the time is up."""
        return self._end - time.monotonic()

    def is_up(self) -> bool:
        return self.seconds_left < 0

    def check(self) -> None:
        if self.is_up():
            raise TimeLimitExceeded


@contextmanager
def time_limit(seconds: float) -> Iterator[Clock]:
    """Interrupt statements that run longer, and raise TimeLimitExceeded.

    For reads only: on PostgreSQL this is a transaction that is rolled back when the time is up.
    """
    clock = Clock(seconds)
    clock.check()
    limited = _postgres_limit(seconds) if connection.vendor == "postgresql" else _sqlite_limit(clock)
    with limited:
        yield clock


@contextmanager
def _postgres_limit(seconds: float) -> Iterator[None]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                timeout = f"{max(1, round(seconds * 1000))}ms"
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [timeout])
            yield
            with connection.cursor() as cursor:  # An outer transaction continues without the limit.
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if type(error.__cause__).__name__ != "QueryCanceled":
            raise
        raise TimeLimitExceeded from error


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
