"""What search engines are told: by the header, by the page, and by robots.txt, which agree."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client

from chatlogs.models import Member, Message, Room
from tests.markup import elements_of
from tests.readers import turn
from tests.small_archive import SPRING, TANG, import_tree
from tests.transcripts.making import message, write_transcript

Visibility = Room.Visibility
NOT_PUBLIC = [Visibility.UNLISTED, Visibility.PRIVATE, Visibility.HIDDEN]

ROOM_PAGES = [
    "/rooms/tea-room/",
    "/rooms/tea-room/2018/",
    "/rooms/tea-room/2018/03/",
    "/rooms/tea-room/2018/03/27/",
    "/rooms/tea-room/2018/03/29/",
]
OTHER_PAGES = [
    "/",
    "/feed/",
    "/messages/feed/",
    "/rooms/tea-room/feed/",
    "/rooms/wine-room/feed/",
    "/rooms/wine-room/sitemap.xml",
    "/rooms/",
    "/rooms/tea-room/2016/01/01/",
    "/rooms/wine-room/",
    "/rooms/wine-room/2018/",
    "/rooms/wine-room/2018/03/",
    "/rooms/wine-room/2018/03/27/",
    "/rooms/no-such-room/",
    "/messages/",
    "/messages/?q=早&room=tea-room",
    "/messages/export.csv",
    "/messages/export.jsonl",
    "/members/",
    "/links/",
    "/images/",
    "/about/",
    "/removal/",
    "/api/v1/rooms/",
    "/api/v1/rooms/tea-room/",
    "/api/v1/messages/",
    "/accounts/login/",
    "/accounts/password_reset/",
    "/admin/login/",
    "/robots.txt",
    "/livez",
    "/no/such/page/",
]


def open_to_robots(slug: str = "tea-room") -> None:
    Room.objects.filter(slug=slug).update(is_indexable=True)


def robots_txt(client: Client) -> str:
    return client.get("/robots.txt").content.decode()


def may_fetch(client: Client, path: str) -> bool:
    parser = RobotFileParser()
    parser.parse(robots_txt(client).splitlines())
    return parser.can_fetch("Googlebot", quote(path, safe="/?&=%"))


def header_of(client: Client, path: str) -> str:
    return client.get(path).headers.get("X-Robots-Tag", "")


def meta_of(client: Client, path: str) -> str | None:
    """None of what is no page."""
    response = client.get(path)
    if response.streaming or not response.headers["Content-Type"].startswith("text/html") or not response.content:
        return None
    metas = [one for name, one in elements_of(response.content.decode()) if name == "meta"]
    return ", ".join(one["content"] for one in metas if one.get("name") == "robots")


@pytest.fixture(params=["member", "message", *OTHER_PAGES])
def other(request: pytest.FixtureRequest, archive: Path) -> str:
    if request.param == "member":
        return Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room").get_absolute_url()
    if request.param == "message":
        return Message.objects.get(text="第二天").get_absolute_url()
    return str(request.param)


def test_unless_a_room_is_opened_nothing_may_be_fetched(archive: Path, client: Client) -> None:
    assert robots_txt(client) == "User-agent: *\nDisallow: /\n"


def test_once_a_room_is_opened_the_sitemap_is_named_and_may_be_fetched(archive: Path, client: Client) -> None:
    open_to_robots()
    assert "\nSitemap: http://testserver/sitemap.xml\n" in robots_txt(client)
    assert may_fetch(client, "/sitemap.xml")
    assert may_fetch(client, "/rooms/tea-room/sitemap.xml")


@pytest.mark.parametrize("path", ROOM_PAGES)
def test_a_rooms_pages_are_rejected(path: str, archive: Path, client: Client) -> None:
    assert (header_of(client, path), meta_of(client, path), may_fetch(client, path)) == ("noindex", "noindex", False)


@pytest.mark.parametrize("path", ROOM_PAGES)
def test_a_room_that_is_opened_is_approved(path: str, archive: Path, client: Client) -> None:
    open_to_robots()
    assert "X-Robots-Tag" not in client.get(path).headers
    assert (meta_of(client, path), may_fetch(client, path)) == ("", True)


def test_everything_else_stays_out(other: str, client: Client) -> None:
    open_to_robots()
    assert "noindex" in header_of(client, other)
    assert meta_of(client, other) != ""


def test_what_may_be_fetched_is_within_the_room(other: str, client: Client) -> None:
    open_to_robots()
    assert may_fetch(client, other) == other.startswith("/rooms/tea-room/")


def test_header_and_page_agree(other: str, client: Client) -> None:
    """The admin's own pages have a stricter word for it."""
    assert meta_of(client, other) in (None, header_of(client, other), "NONE,NOARCHIVE")


@pytest.mark.parametrize("visibility", NOT_PUBLIC)
def test_only_a_public_room_can_be_open_to_them(visibility: Visibility, archive: Path, client: Client) -> None:
    open_to_robots()
    turn("tea-room", visibility)
    assert "tea-room" not in robots_txt(client)
    assert {header_of(client, path)[:7] for path in ROOM_PAGES} == {"noindex"}


def test_what_is_gone_from_an_opened_room_stays_out(archive: Path, client: Client) -> None:
    open_to_robots()
    Message.objects.filter(text="第二天").update(state=Message.State.HIDDEN)
    path = Message.objects.get(text="第二天").get_absolute_url()
    assert (header_of(client, path), meta_of(client, path)) == ("noindex", "noindex")


def test_a_room_whose_name_is_chinese_is_named_as_robots_read_it(archive: Path, client: Client) -> None:
    write_transcript(archive, "茶室", SPRING, message("09:00:00", TANG, "早"))
    import_tree(archive)
    open_to_robots("茶室")
    assert f"Allow: /rooms/{quote('茶室')}/" in robots_txt(client)
    assert may_fetch(client, "/rooms/茶室/2018/")


def test_a_room_whose_name_begins_alike_stays_out(archive: Path, client: Client) -> None:
    write_transcript(archive, "tea-room-2", SPRING, message("09:00:00", TANG, "早"))
    import_tree(archive)
    open_to_robots()
    assert not may_fetch(client, "/rooms/tea-room-2/")


def test_an_opened_room_does_not_say_that_it_is_closed(archive: Path, client: Client) -> None:
    open_to_robots()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "not to be indexed" not in client.get("/rooms/tea-room/").content.decode()
    assert "not to be indexed" in client.get("/rooms/wine-room/").content.decode()
