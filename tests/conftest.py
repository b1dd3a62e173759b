"""What holds for every test."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from zeal import zeal_context, zeal_ignore
from zeal.constants import initialize_app_registry
from zeal.patch import patch as notice_queries

from chatlogs import search
from tests.append_only import no_triggers
from tests.examples import QUICK, THOROUGH

pytest_plugins = ["tests.small_archive", "tests.search.hostile_archive"]

TESTS = Path(__file__).resolve().parent
POSTGRESQL = "django.db.backends.postgresql"

# Busy cores make a deadline a coin toss. The quick suite tries the same examples in each run.
hypothesis.settings.register_profile(QUICK, deadline=None, derandomize=True, max_examples=30)
hypothesis.settings.register_profile(THOROUGH, deadline=None)

# What may be asked for each of several rows, as they are always few.
ASKED_AGAIN = [
    {"model": "sessions.Session", "field": "get()"},  # where a password changes, before and after
]


# What can differ by database runs on PostgreSQL, too: these folders, and whatever has the mark `both_databases`.
# `--thorough` runs every test that touches the database.
ON_POSTGRESQL = (
    "db",
    "importing",
    "management",
    "mentions",
    "migrations",
    "models",
    "moderation",
    "people",
    "queries",
    "search",
)
# But for these, whose rules are Python's and whose rows are written by the same code as those of the others.
ON_SQLITE_ALONE = (
    "management/test_import_transcripts.py",
    "mentions/test_community.py",
    "mentions/test_extraction.py",
    "moderation/decisions/test_rebuilding.py",
    "moderation/test_duplicates.py",
    "moderation/test_masked_kinds.py",
    "moderation/test_opt_outs.py",
    "moderation/test_personal_data_matches.py",
    "moderation/test_quotations.py",
    "moderation/test_tombstones.py",
    "people/test_evidence.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="run the long tests, and on PostgreSQL all that there are")
    parser.addoption("--without-database", action="store_true", help="leave out what touches a database or a browser")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile(THOROUGH if config.getoption("--thorough") else QUICK)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = [item for item in items if is_chosen(config, item)]
    if others := [item for item in items if not is_chosen(config, item)]:
        config.hook.pytest_deselected(items=others)
        items[:] = chosen


def is_chosen(config: pytest.Config, item: pytest.Item) -> bool:
    is_thorough = config.getoption("--thorough")
    if item.get_closest_marker("thorough") and not is_thorough:
        return False
    if config.getoption("--without-database") and (touches_database(item) or "chromium" in fixtures_of(item)):
        return False
    if settings.DATABASES["default"]["ENGINE"] == POSTGRESQL:
        return touches_database(item) and (is_thorough or can_differ_on_postgresql(item))
    return True


def can_differ_on_postgresql(item: pytest.Item) -> bool:
    path = item.path.relative_to(TESTS)
    is_among_them = path.parts[0] in ON_POSTGRESQL and str(path) not in ON_SQLITE_ALONE
    return is_among_them or item.get_closest_marker("both_databases") is not None


def fixtures_of(item: pytest.Item) -> set[str]:
    return {*getattr(item, "fixturenames", ())}


def touches_database(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "both_databases"))
    asks = not {"db", "transactional_db", "live_server"}.isdisjoint(fixtures_of(item))
    return marked or asks or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)


@pytest.fixture(scope="session")
def is_thorough(pytestconfig: pytest.Config) -> bool:
    """Whether a test is to try all there is, and not some of each kind."""
    return bool(pytestconfig.getoption("--thorough"))


@pytest.fixture(autouse=True, scope="session")
def flushing_keeps_what_migrations_wrote() -> Iterator[None]:
    """Let Django flush tables after tests that commit rows, even the append-only log, and restore the groups."""
    set_up = TransactionTestCase._fixture_setup.__func__  # type: ignore[attr-defined]
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    granted: dict[str, list[str]] = {}

    def set_up_and_remember(cls: type[TransactionTestCase]) -> None:
        set_up(cls)
        for group in Group.objects.all() if not granted else ():
            granted[group.name] = list(group.permissions.values_list("codename", flat=True))

    def flush_and_restore(self: TransactionTestCase) -> None:
        with no_triggers():
            flush(self)
        for name, codenames in granted.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set(Permission.objects.filter(codename__in=codenames))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(set_up_and_remember))
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_restore)
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
