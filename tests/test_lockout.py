"""Whoever mistakes a password too often must wait, on the site and in the admin alike."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from rest_framework.settings import api_settings

NAME, PASSWORD = "wen", "三更灯火五更鸡"
PAGES = pytest.mark.parametrize("path", ["/accounts/login/", "/admin/login/"])
HOME, ELSEWHERE = "198.51.100.4", "192.0.2.7"
LIMIT = 5


@pytest.fixture(autouse=True)
def user(db: None) -> User:
    return User.objects.create_superuser(NAME, "wen@example.org", PASSWORD)


def try_to_sign_in(
    path: str = "/accounts/login/", *, password: str = "falsch", name: str = NAME, **headers: str
) -> Any:
    client = Client(REMOTE_ADDR=HOME)
    return client.post(path, {"username": name, "password": password}, **headers)  # type: ignore[arg-type]


def fail(times: int, path: str = "/accounts/login/", **headers: str) -> list[int]:
    return [try_to_sign_in(path, **headers).status_code for _ in range(times)]


@PAGES
def test_after_so_many_mistakes_one_is_locked_out(path: str) -> None:
    assert fail(LIMIT, path) == [200] * (LIMIT - 1) + [429]


@PAGES
def test_the_right_password_does_not_help_then(path: str) -> None:
    fail(LIMIT, path)
    assert try_to_sign_in(path, password=PASSWORD).status_code == 429


def test_one_page_locks_the_other() -> None:
    fail(LIMIT, "/accounts/login/")
    assert try_to_sign_in("/admin/login/", password=PASSWORD).status_code == 429


def test_the_page_says_for_how_long() -> None:
    fail(LIMIT - 1)
    response = try_to_sign_in(HTTP_ACCEPT_LANGUAGE="en")
    assert response.headers["Retry-After"] == "1800"
    assert "Try again in 30 minutes" in " ".join(response.content.decode().split())
    assert 'class="site-header"' in response.content.decode()


def test_after_that_one_is_let_in_again() -> None:
    fail(LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=31))
    assert try_to_sign_in(password=PASSWORD).status_code == 302


def test_the_same_user_is_let_in_elsewhere() -> None:
    """Or else anybody could lock everybody out."""
    fail(LIMIT)
    assert try_to_sign_in(password=PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_another_user_is_let_in_from_there() -> None:
    User.objects.create_user("lu", password=PASSWORD)
    fail(LIMIT)
    assert try_to_sign_in(name="lu", password=PASSWORD).status_code == 302


def test_who_remembers_in_time_begins_anew() -> None:
    fail(LIMIT - 1)
    assert try_to_sign_in(password=PASSWORD).status_code == 302
    assert fail(LIMIT - 1) == [200] * (LIMIT - 1)


def test_a_forged_address_helps_nobody() -> None:
    for number in range(LIMIT):
        response = try_to_sign_in(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert response.status_code == 429


def test_behind_a_proxy_its_visitors_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_settings, "NUM_PROXIES", 1)
    fail(LIMIT, HTTP_X_FORWARDED_FOR=f"{ELSEWHERE}, {HOME}")
    other = try_to_sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR=f"{HOME}, {ELSEWHERE}")
    same = try_to_sign_in(password=PASSWORD, HTTP_X_FORWARDED_FOR=f"203.0.113.1, {HOME}")
    assert (other.status_code, same.status_code) == (302, 429)


def test_the_addresses_of_one_network_are_one() -> None:
    fail(LIMIT - 1, REMOTE_ADDR="2001:db8::1")
    assert try_to_sign_in(REMOTE_ADDR="2001:db8::2").status_code == 429


@pytest.mark.parametrize("address", ["", "unix:", "127.0.0.1", "::1"])
def test_what_is_no_address_is_counted_all_the_same(address: str) -> None:
    assert fail(LIMIT, REMOTE_ADDR=address)[-1] == 429


def test_no_password_is_kept() -> None:
    fail(1)
    kept = AccessAttempt.objects.values().get()
    assert not [value for value in kept.values() if "falsch" in str(value)]
