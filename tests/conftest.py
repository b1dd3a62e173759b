"""What holds for every test."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import TransactionTestCase, override_settings
from django.test.client import ClientHandler
from zeal import zeal_context, zeal_ignore
from zeal.constants import initialize_app_registry
from zeal.patch import patch as notice_queries

from chatlogs import search
from tests.append_only import no_triggers

pytest_plugins = ["tests.small_archive", "tests.search.hostile_archive"]

# Two busy cores make a deadline a coin toss; where every test is required, each run tries the same examples.
hypothesis.settings.register_profile("exploring", deadline=None)
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.load_profile("repeatable" if os.environ.get("REQUIRE_ALL") == "1" else "exploring")


# What may be asked for each of several rows, as they are always few.
ASKED_AGAIN = [
    {"model": "sessions.Session", "field": "get()"},  # where a password changes, before and after
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-tests-only",
        action="store_true",
        help="leave out the tests that touch no database",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-tests-only"):
        return
    others = [item for item in items if not touches_database(item)]
    items[:] = [item for item in items if touches_database(item)]
    config.hook.pytest_deselected(items=others)


def touches_database(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "both_databases"))
    asks = not {"db", "transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))
    return marked or asks or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)


@pytest.fixture(autouse=True, scope="session")
def passwords_are_hashed_fast() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def log_can_be_emptied() -> Iterator[None]:
    """By Django, where rows are committed, between two tests; by nobody else."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_with_log(self: TransactionTestCase) -> None:
        with no_triggers():
            empty(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_with_log)
        yield


@pytest.fixture(autouse=True, scope="session")
def nothing_is_asked_once_a_row() -> Iterator[None]:
    """A page of which something is asked of the database again for each of several rows fails. Deeds go row by row."""
    initialize_app_registry()
    notice_queries()
    answer = ClientHandler.get_response

    def answer_watched(self: ClientHandler, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return answer(self, request)
        with zeal_context(), zeal_ignore(ASKED_AGAIN):
            return answer(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "get_response", answer_watched)
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What was counted, and what pages were made, of another test's archive."""
    for name in ("default", "pages"):
        caches[name].clear()


@pytest.fixture(autouse=True)
def nothing_indexed_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where rows are committed, Django empties the models' tables afterwards, and knows of no other."""
    if {"transactional_db", "live_server"}.isdisjoint(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with transaction.atomic():
        search.clear()
        search.finish()
