from unittest.mock import MagicMock

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client, TestCase, TransactionTestCase

from tests.conftest import (
    ON_POSTGRESQL,
    ON_SQLITE_ALONE,
    POSTGRESQL,
    TESTS,
    can_differ_on_postgresql,
    is_chosen,
    touches_database,
)


def test_a_plain_test_touches_no_database(request: pytest.FixtureRequest) -> None:
    assert not touches_database(request.node)


@pytest.mark.django_db
def test_the_mark_touches_the_database(request: pytest.FixtureRequest) -> None:
    assert touches_database(request.node)


def test_a_fixture_that_asks_for_the_database_touches_it(request: pytest.FixtureRequest, admin_client: Client) -> None:
    assert touches_database(request.node)


@pytest.mark.both_databases
def test_a_test_can_ask_to_run_on_both_databases(request: pytest.FixtureRequest) -> None:
    assert touches_database(request.node)


class DjangoTestCases(TestCase):
    @pytest.fixture(autouse=True)
    def node(self, request: pytest.FixtureRequest) -> None:
        self.item = request.node

    def test_djangos_test_case_touches_the_database(self) -> None:
        assert touches_database(self.item)


@pytest.mark.parametrize(
    ("path", "is_repeated"),
    [
        ("queries/test_pagination.py", True),
        ("moderation/test_erasure.py", True),
        ("moderation/test_tombstones.py", False),
        ("web/views/test_days.py", False),
    ],
)
def test_in_the_quick_suite_postgresql_repeats_what_can_differ(path: str, is_repeated: bool) -> None:
    item = MagicMock(path=TESTS / path)
    item.get_closest_marker.return_value = None
    assert can_differ_on_postgresql(item) == is_repeated


def test_what_is_named_for_one_database_or_both_exists() -> None:
    assert [name for name in (*ON_POSTGRESQL, *ON_SQLITE_ALONE) if not (TESTS / name).exists()] == []


def test_a_long_test_is_chosen_with_thorough_alone() -> None:
    item = MagicMock(path=TESTS / "web")
    item.get_closest_marker.side_effect = lambda name: name == "thorough"
    chosen = [is_chosen(MagicMock(getoption={"--thorough": one}.get), item) for one in (False, True)]
    assert chosen == [False, settings.DATABASES["default"]["ENGINE"] != POSTGRESQL]


@pytest.mark.django_db(transaction=True)
def test_the_groups_of_the_migrations_survive_a_flush() -> None:
    TransactionTestCase()._fixture_teardown()  # type: ignore[attr-defined]
    assert Group.objects.get(name="moderator").permissions.filter(codename="hide_message").exists()
