from collections.abc import Generator

import pytest
from zeal import zeal_context, zeal_ignore

# By the tests themselves, which write highlights one by one, too.
LOOKED_UP = [{"model": "*", "field": "get()"}, {"model": "chatlogs.Highlight", "field": "tags"}]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    """Nothing is asked again for each of several rows."""
    with zeal_context(), zeal_ignore(LOOKED_UP):
        return (yield)
