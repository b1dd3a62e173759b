"""Signing in and out, and what is done about a forgotten password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from tests.markup import elements_of
from tests.readers import make_private

NAME, PASSWORD, NEW = "wen", "三更灯火五更鸡", "Bücher-und-茶-7"
LOGIN, LOGOUT, CHANGE, RESET = (
    f"/accounts/{page}/" for page in ("login", "logout", "password_change", "password_reset")
)
PAGES = [LOGIN, RESET, f"{RESET}done/", "/accounts/reset/done/", "/accounts/reset/MQ/no-token/"]


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(NAME, "wen@example.org", PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> str:
    """Where one is led, or "" if one is not let in."""
    response = client.post(LOGIN, {"username": NAME, "password": password, **more})
    return str(response.headers.get("Location", ""))


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/").wsgi_request.user.is_authenticated)


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def hrefs(page: str) -> list[str]:
    return [one.get("href", "") for name, one in elements_of(page) if name == "a"]


def test_who_knows_the_password_is_signed_in_and_led_home(user: User, client: Client) -> None:
    assert sign_in(client) == "/"
    assert is_signed_in(client)


def test_who_does_not_is_not(user: User, client: Client) -> None:
    assert sign_in(client, "falsch") == ""
    assert not is_signed_in(client)


def test_one_is_led_back_to_where_one_wanted_to_go(user: User, client: Client) -> None:
    assert sign_in(client, next="/rooms/tea-room/") == "/rooms/tea-room/"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_nobody_is_led_to_another_site(address: str, user: User, client: Client) -> None:
    assert sign_in(client, next=address) == "/"


def test_signing_out_takes_more_than_a_link(user: User, client: Client) -> None:
    sign_in(client)
    assert client.get(LOGOUT).status_code == 405
    assert is_signed_in(client)
    assert client.post(LOGOUT).headers["Location"] == "/"
    assert not is_signed_in(client)


def test_signing_out_cannot_be_forged(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(LOGOUT).status_code == 403


def test_every_page_offers_to_sign_in(user: User, client: Client) -> None:
    assert LOGIN in hrefs(page_of(client, "/"))


def test_every_page_offers_to_sign_out(user: User, client: Client) -> None:
    sign_in(client)
    page = page_of(client, "/")
    assert ("form", {"method": "post", "action": LOGOUT}) in elements_of(page)
    assert LOGIN not in hrefs(page)


def test_what_is_not_found_may_be_found_by_who_signs_in(user: User, client: Client) -> None:
    assert f"{LOGIN}?next=%2Frooms%2Ftea-room%2F%3Fa%3Db%26c" in hrefs(page_of(client, "/rooms/tea-room/?a=b&c"))


def test_who_is_signed_in_is_not_asked_to(user: User, client: Client) -> None:
    sign_in(client)
    assert not [href for href in hrefs(page_of(client, "/rooms/tea-room/")) if href.startswith(LOGIN)]


def test_signing_in_opens_the_rooms_of_ones_group(archive: Path, user: User, client: Client) -> None:
    user.groups.add(make_private("tea-room"))
    assert client.get("/rooms/tea-room/").status_code == 404
    sign_in(client)
    assert client.get("/rooms/tea-room/").status_code == 200
    client.post(LOGOUT)
    assert client.get("/rooms/tea-room/").status_code == 404


# Passwords


def ask_for_link(client: Client, address: str = "wen@example.org") -> str:
    """The link in the mail, "" where none is sent."""
    mail.outbox.clear()
    assert client.post(RESET, {"email": address}).headers["Location"] == f"{RESET}done/"
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body)) if mail.outbox else None
    return found[1] if found else ""


def test_who_forgot_the_password_chooses_a_new_one_by_mail(user: User, client: Client) -> None:
    form = client.get(ask_for_link(client)).headers["Location"]
    assert "<form" in page_of(client, form)
    assert (
        client.post(form, {"new_password1": NEW, "new_password2": NEW}).headers["Location"] == "/accounts/reset/done/"
    )
    assert sign_in(client, NEW) == "/"


def test_the_link_works_once(user: User, client: Client) -> None:
    link = ask_for_link(client)
    form = client.get(link).headers["Location"]
    client.post(form, {"new_password1": NEW, "new_password2": NEW})
    page = page_of(client, link)
    assert "<form" not in page.partition("<main")[2]


def test_nobody_learns_whether_an_address_has_an_account(user: User, client: Client) -> None:
    assert ask_for_link(client, "nobody@example.org") == ""


def test_the_mail_is_in_the_language_of_who_asks(user: User, client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    ask_for_link(client)
    assert mail.outbox[0].subject == "New password on testserver"
    assert "\n\nhttp://testserver/accounts/reset/" in mail.outbox[0].body


def test_a_changed_password_signs_other_browsers_out(user: User, client: Client) -> None:
    other = Client()
    for one in (client, other):
        sign_in(one)
    answers = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(CHANGE, answers).headers["Location"] == f"{CHANGE}done/"
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)


def test_only_who_is_signed_in_changes_a_password(user: User, client: Client) -> None:
    assert client.get(CHANGE).headers["Location"] == f"{LOGIN}?next={CHANGE}"


@pytest.mark.parametrize("path", [*PAGES, CHANGE, f"{CHANGE}done/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_page_is_one_of_the_house(path: str, language: str, user: User, client: Client) -> None:
    if path.startswith(CHANGE):
        client.force_login(user)
    page = client.get(path, headers={"accept-language": language}).content.decode()
    assert len(re.findall(r"<h1[\s>]", page)) == 1
    assert 'class="site-header"' in page
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


@pytest.mark.parametrize("path", PAGES)
def test_each_field_has_its_label(path: str, user: User, client: Client) -> None:
    elements = elements_of(page_of(client, path).partition("<main")[2])
    fields = {one["id"] for name, one in elements if name == "input" and one.get("type") != "hidden"}
    assert fields == {one["for"] for name, one in elements if name == "label"}
