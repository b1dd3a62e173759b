"""One address may not take more than its share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.settings import api_settings

from chatlogs.web.throttling import ThrottleByAddress

ADDRESSES = {
    "search": "/messages/?q=早",
    "api": "/api/v1/rooms/",
    "download": "/messages/export.csv",
}
MOST = 3


@pytest.fixture(autouse=True)
def rates(settings: Settings) -> Iterator[dict[str, str | None]]:
    """So much a minute of each kind."""
    caches["throttles"].clear()
    settings.RATES = dict.fromkeys(ADDRESSES, f"{MOST}/min")
    yield settings.RATES
    caches["throttles"].clear()


@pytest.fixture
def client() -> Client:
    return Client(REMOTE_ADDR="198.51.100.4")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(ThrottleByAddress, "timer", lambda _: now[0])
    return now


@pytest.fixture
def proxies(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", request.param)


def exhaust(client: Client, address: str, **headers: str) -> None:
    for _ in range(MOST):
        assert client.get(address, **headers).status_code == 200  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_who_asks_too_often_is_refused(address: str, db: None, client: Client) -> None:
    exhaust(client, address)
    assert client.get(address).status_code == 429


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_who_is_refused_is_told_when_to_come_again(address: str, db: None, client: Client, clock: list[float]) -> None:
    exhaust(client, address)
    clock[0] += 20
    assert client.get(address).headers["Retry-After"] == "40"


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_who_waits_is_answered_again(address: str, db: None, client: Client, clock: list[float]) -> None:
    exhaust(client, address)
    clock[0] += 60
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_others_are_answered_meanwhile(address: str, db: None, client: Client) -> None:
    exhaust(client, address)
    assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize(("scope", "address"), ADDRESSES.items())
def test_a_rate_can_be_switched_off(
    scope: str, address: str, rates: dict[str, str | None], db: None, client: Client
) -> None:
    rates[scope] = None
    exhaust(client, address)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("scope", ADDRESSES)
def test_each_kind_is_counted_for_itself(scope: str, db: None, client: Client) -> None:
    exhaust(client, ADDRESSES[scope])
    assert [client.get(address).status_code for name, address in ADDRESSES.items() if name != scope] == [200, 200]


def test_a_page_that_refuses_says_so(db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["search"])
    response = client.get(ADDRESSES["search"])
    assert "<h1" in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_refused_search_costs_no_query(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    exhaust(client, ADDRESSES["search"])
    with django_assert_num_queries(0):
        client.get(ADDRESSES["search"])


def test_the_api_refuses_in_json(db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"])
    response = client.get(ADDRESSES["api"])
    assert "throttled" in response.json()["detail"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_all_resources_of_the_api_count_together(db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"])
    assert client.get("/api/v1/search/").status_code == 429


@pytest.mark.parametrize("address", ["/", "/messages/", "/members/", "/livez"])
def test_pages_that_are_no_search_are_never_refused(address: str, db: None, client: Client) -> None:
    exhaust(client, address)
    assert client.get(address).status_code == 200


def test_a_forged_address_helps_nobody(db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert client.get(ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.2").status_code == 429


@pytest.mark.parametrize("proxies", [1], indirect=True)
def test_a_forged_address_behind_a_proxy_helps_nobody(proxies: None, db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.9")
    response = client.get(ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.2, 198.51.100.9")
    assert response.status_code == 429


@pytest.mark.parametrize("proxies", [1], indirect=True)
def test_visitors_behind_a_proxy_are_told_apart(proxies: None, db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert client.get(ADDRESSES["api"], HTTP_X_FORWARDED_FOR="192.0.2.2").status_code == 200


def test_the_addresses_of_one_network_are_one(db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"], REMOTE_ADDR="2001:db8::1")
    assert client.get(ADDRESSES["api"], REMOTE_ADDR="2001:db8::2").status_code == 429
    assert client.get(ADDRESSES["api"], REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


@pytest.mark.parametrize("address", ["", "unix:", "x" * 300, "\n"])
def test_what_is_no_address_is_counted_all_the_same(address: str, db: None, client: Client) -> None:
    exhaust(client, ADDRESSES["api"], REMOTE_ADDR=address)
    assert client.get(ADDRESSES["api"], REMOTE_ADDR=address).status_code == 429


@pytest.mark.parametrize("own", ["127.0.0.1", "::1"])
def test_who_asks_from_the_machine_itself_is_never_refused(own: str, db: None) -> None:
    exhaust(Client(REMOTE_ADDR=own), ADDRESSES["search"])
    assert Client(REMOTE_ADDR=own).get(ADDRESSES["search"]).status_code == 200
