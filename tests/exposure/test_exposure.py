"""Nobody is exposed: what was taken away is on no surface for no role, nor comes back with the next import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.exposure import world as words
from tests.exposure.surfaces import SITE, WORD, Surface, admin_surfaces, find_patterns
from tests.exposure.world import CANARIES, DECOY, World, build, build_imported_again, build_taken, take_away

pytestmark = pytest.mark.django_db

thorough, both_databases = pytest.mark.thorough, pytest.mark.both_databases

# Without --thorough, so many of a surface's addresses are asked where all are answered by the same code.
FEW, FIFTH = 3, 5
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')

# Headers that are others every second, or as long as the word is.
CHANGING = re.compile(r"(?:Content-Length|ETag|Expires|Set-Cookie|Last-Modified|Date): .*\n")

# Whoever knows the address of a room that is in no list may read it there.
BY_ADDRESS = {"day-format", "api-message", "day", "highlight", "message", "removal", "room-feed"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build(tmp_path)


@pytest.fixture
def taken(tmp_path: Path) -> World:
    return build_taken(tmp_path)


@pytest.fixture
def imported_again(tmp_path: Path) -> World:
    return build_imported_again(tmp_path)


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if user := world.roles[role]:
        client.force_login(user)
    return client


def may_see(role: str, surface: Surface) -> set[str]:
    """Of what was taken away, what this role is shown there all the same."""
    allowed = set() if role == "nobody" else set(words.IN_PRIVATE)
    if surface.name in BY_ADDRESS:
        allowed |= set(words.IN_UNLISTED)
    if not surface.name.startswith(("admin", "moderation-queue")) or role in ("nobody", "reader"):
        return allowed
    allowed |= {*words.OUT_OF_SIGHT, *words.IN_UNLISTED, words.PERSONAL, words.HIDDEN_AUTHOR}
    return allowed | set(words.SEALED) if role == "superuser" else allowed


def read(response: Any) -> str:
    """Body and headers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "".join(f"{name}: {value}\n" for name, value in response.items())
    return headers + TOKEN.sub("", content.decode())


def find_exposed(world: World, role: str, surface: Surface) -> Iterator[tuple[str, str]]:
    """Addresses with what they must not show."""
    client = client_of(world, role)
    unseen = set(CANARIES) - may_see(role, surface)
    for address in surface.addresses():
        text = read(client.get(address))
        yield from ((address, canary) for canary in unseen if canary in text)


def find_told(world: World, role: str, surface: Surface, step: int) -> Iterator[tuple[str, str]]:
    """Addresses that answer a question for what was taken away otherwise than one for what never was.

    The first address is asked for everything, each further one for every word at this step, another start each.
    """
    client = client_of(world, role)
    unseen = sorted(set(CANARIES) - may_see(role, surface) - set(words.IN_UNLISTED))
    for number, address in enumerate(surface.asking()):
        asked = unseen[number % step :: step] if number else unseen
        nothing = _ask(client, address, DECOY)
        yield from ((address, canary) for canary in asked if _ask(client, address, canary) != nothing)


def _ask(client: Client, address: str, word: str) -> str:
    """The answer, with one word in place of whichever was asked for."""
    text = read(client.get(address.replace(WORD, quote(word))))
    for written in (word, quote(quote(word)), quote(word), word.encode("unicode_escape").decode()):
        text = text.replace(written, "·")
    return CHANGING.sub("", text)


def all_surfaces() -> list[Surface]:
    return [*SITE, *admin_surfaces()]


OTHERS = ("reader", "moderator", "superuser")


def test_every_view_of_the_site_is_a_surface() -> None:
    assert {name for name, _ in find_patterns()} == {surface.name for surface in all_surfaces()}


def test_before_the_actions_everything_can_be_read(world: World) -> None:
    client = client_of(world, "nobody")
    surfaces = [surface for surface in SITE if surface.name in ("day", "highlight", "export-jsonl")]
    text = "".join(read(client.get(address)) for surface in surfaces for address in surface.addresses())
    later = {words.HELD, words.BLOCKED, words.PERSONAL, words.DRAFT, words.TAG_OF_DRAFT}
    assert [canary for canary in CANARIES if canary not in text and canary not in later] == []


@pytest.mark.parametrize("role", ["nobody", *(pytest.param(role, marks=thorough) for role in OTHERS)])
def test_after_the_actions_no_surface_shows_what_was_taken_away(role: str, taken: World) -> None:
    assert [one for surface in all_surfaces() for one in find_exposed(taken, role, surface)] == []


@pytest.mark.parametrize(
    "role",
    [
        pytest.param("nobody", marks=both_databases),
        pytest.param("reader", marks=thorough),
        pytest.param("moderator", marks=both_databases),
        pytest.param("superuser", marks=thorough),
    ],
)
def test_after_a_changed_import_no_surface_shows_what_was_taken_away(
    role: str, imported_again: World, is_thorough: bool
) -> None:
    surfaces = all_surfaces() if is_thorough else [*SITE, *map(shorten_alike, admin_surfaces())]
    assert [one for surface in surfaces for one in find_exposed(imported_again, role, surface)] == []


def shorten_alike(surface: Surface) -> Surface:
    """Of pages that the admin itself makes: histories, refusals to delete, and redirects."""
    return shorten(surface) if surface.name.endswith(("_history", "_delete", "<path:object_id>/")) else surface


def shorten(surface: Surface) -> Surface:
    return surface._replace(addresses=lambda: [*surface.addresses()][:FEW])


def ask_once(surface: Surface) -> Surface:
    return surface._replace(asking=lambda: [*surface.asking()][:1])


def asked_by(role: str) -> list[Surface]:
    """All ways to ask, of who is not signed in; of others one each, and those of the admin."""
    if role == "nobody":
        return SITE
    site = [ask_once(surface) for surface in SITE]
    return site if role == "reader" else [*site, *admin_surfaces()]


@pytest.mark.parametrize("role", ["nobody", *(pytest.param(role, marks=thorough) for role in OTHERS)])
def test_no_question_finds_out_what_was_taken_away(role: str, imported_again: World, is_thorough: bool) -> None:
    step = 1 if is_thorough else FIFTH
    assert [one for surface in asked_by(role) for one in find_told(imported_again, role, surface, step)] == []


def test_pages_of_before_are_not_confirmed(world: World, is_thorough: bool) -> None:
    client = client_of(world, "nobody")
    surfaces = SITE if is_thorough else map(shorten, SITE)
    addresses = [address for surface in surfaces for address in surface.addresses()]
    known = {address: client.get(address) for address in addresses}
    take_away()
    for address, before in known.items():
        headers = {
            "If-None-Match": before.headers.get("ETag", "*"),
            "If-Modified-Since": before.headers.get("Last-Modified", "Fri, 01 Jan 2100 00:00:00 GMT"),
        }
        assert client.get(address, headers=headers).status_code != 304, address


def test_no_log_tells_what_was_taken_away(taken: World, caplog: pytest.LogCaptureFixture, is_thorough: bool) -> None:
    client = client_of(taken, "nobody")
    with caplog.at_level(0):
        for surface in SITE if is_thorough else map(shorten, SITE):
            for address in surface.addresses():
                read(client.get(address))
    assert [canary for canary in CANARIES if canary in caplog.text] == []
