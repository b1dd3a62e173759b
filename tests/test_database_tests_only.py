import pytest
from django.test import Client, TestCase

from tests.conftest import touches_database


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
