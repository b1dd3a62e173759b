import time
from contextlib import suppress

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from chatlogs.db.timeouts import Clock, TimeLimitExceeded, time_limit
from chatlogs.models import Archive

FOREVER = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n WHERE i % 2 = 3",
    "postgresql": "SELECT pg_sleep(600)",
}
# More steps than SQLite takes between two looks at the clock, and more time than the limit was.
A_WHILE = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(0.05)",
}


def wait_forever() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FOREVER[connection.vendor])
        cursor.fetchall()


def ask() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 7")
        return cursor.fetchone()


def test_a_statement_that_takes_too_long_is_broken_off(db: None) -> None:
    with pytest.raises(TimeLimitExceeded), time_limit(0.02):
        wait_forever()


def test_the_connection_works_afterwards(db: None) -> None:
    with suppress(TimeLimitExceeded), time_limit(0.02):
        wait_forever()
    assert ask() == (7,)


def test_outside_a_transaction_it_works_too(transactional_db: None) -> None:
    with pytest.raises(TimeLimitExceeded), time_limit(0.02):
        wait_forever()
    assert ask() == (7,)
    assert not connection.in_atomic_block


def test_an_outer_transaction_goes_on(transactional_db: None) -> None:
    with transaction.atomic():
        Archive.objects.create(revision=7)
        with suppress(TimeLimitExceeded), time_limit(0.02):
            wait_forever()
        Archive.objects.update(revision=8)
    assert Archive.objects.get().revision == 8


def test_the_limit_ends_with_its_block(db: None) -> None:
    with time_limit(0.02):
        ask()
    time.sleep(0.03)
    with connection.cursor() as cursor:
        cursor.execute(A_WHILE[connection.vendor])
        assert cursor.fetchall()


def test_what_is_quick_is_not_broken_off(db: None) -> None:
    with time_limit(60):
        assert ask() == (7,)


def test_other_errors_remain_what_they_are(db: None) -> None:
    expected = (OperationalError, ProgrammingError)
    with pytest.raises(expected), transaction.atomic(), time_limit(60), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")


def test_a_clock_tells_when_the_time_is_up() -> None:
    assert not Clock(3600).is_up()
    assert Clock(-1).is_up()
    with pytest.raises(TimeLimitExceeded):
        Clock(-1).check()
