from collections.abc import Generator

import pytest
from zeal import zeal_context, zeal_ignore

# Queries that the tests themselves repeat.
LOOKED_UP = [{"model": "*", "field": "get()"}, {"model": "chatlogs.Highlight", "field": "tags"}]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Fail tests of code that repeats a query for each row."""
    with zeal_context(), zeal_ignore(LOOKED_UP):
        return (yield)
