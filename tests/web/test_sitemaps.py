from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatlogs.models import Day, Message, Room
from chatlogs.web.sitemaps import RoomSitemap
from tests.readers import turn
from tests.small_archive import SPRING, TANG, import_tree
from tests.transcripts.making import message, write_transcript
from tests.web.test_search_engines import NOT_PUBLIC, header_of, may_fetch, open_to_robots

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
INDEX, TEA = "/sitemap.xml", "/rooms/tea-room/sitemap.xml"

# What https://www.sitemaps.org/protocol.html allows.
MOST_ADDRESSES, LONGEST_ADDRESS = 50_000, 2_048


def read(client: Client, path: str, of: str) -> list[str]:
    """The paths that a sitemap, or an index of such, names, as the protocol wants them."""
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml")
    root = fromstring(response.content)
    assert root.tag == NAMESPACE + of
    assert all([child.tag for child in one] == [f"{NAMESPACE}loc"] for one in root)
    addresses = [one.findtext(f"{NAMESPACE}loc") or "" for one in root]
    assert len(addresses) == len({*addresses}) <= MOST_ADDRESSES
    assert all(len(one) <= LONGEST_ADDRESS and one.isascii() for one in addresses)
    assert {urlsplit(one)[:2] for one in addresses} <= {("http", "testserver")}
    return [urlsplit(one).path for one in addresses]


def read_index(client: Client) -> list[str]:
    return read(client, INDEX, "sitemapindex")


def read_sitemap(client: Client, path: str = TEA) -> list[str]:
    """Of what stands below it alone."""
    paths = read(client, path, "urlset")
    assert all(one.startswith(path.removesuffix("sitemap.xml")) for one in paths)
    return paths


def test_an_archive_without_open_rooms_has_an_empty_one(archive: Path, client: Client) -> None:
    assert read_index(client) == []
    assert client.get(TEA).status_code == client.get("/rooms/no-such-room/sitemap.xml").status_code == 404


def test_it_names_the_rooms_that_are_open(archive: Path, client: Client) -> None:
    open_to_robots()
    assert read_index(client) == [TEA]
    assert client.get("/rooms/wine-room/sitemap.xml").status_code == 404


def test_a_room_has_its_years_months_and_days_with_messages(archive: Path, client: Client) -> None:
    open_to_robots()
    assert [path.removeprefix("/rooms/tea-room/") for path in read_sitemap(client)] == [
        "", "2018/", "2019/", "2018/03/", "2019/01/", "2018/03/27/", "2018/03/28/", "2019/01/05/",
    ]  # fmt: skip


def test_what_it_names_may_be_fetched_and_indexed(archive: Path, client: Client) -> None:
    open_to_robots()
    for path in read_sitemap(client):
        assert client.get(path).status_code == 200
        assert may_fetch(client, path)
        assert header_of(client, path) == ""


def test_a_day_of_which_nothing_is_left_is_not_named(archive: Path, client: Client) -> None:
    open_to_robots()
    Message.objects.filter(text="第二天").update(state=Message.State.HIDDEN)
    Day.objects.filter(date="2018-03-28").update(message_count=0)
    assert "/rooms/tea-room/2018/03/28/" not in read_sitemap(client)


@pytest.mark.parametrize("visibility", NOT_PUBLIC)
def test_a_room_that_is_not_public_is_in_none(visibility: Room.Visibility, archive: Path, client: Client) -> None:
    open_to_robots()
    turn("tea-room", visibility)
    assert read_index(client) == []
    assert client.get(TEA).status_code == 404


def test_addresses_are_written_as_they_are_fetched(archive: Path, client: Client) -> None:
    write_transcript(archive, "茶室", SPRING, message("09:00:00", TANG, "早"))
    import_tree(archive)
    open_to_robots("茶室")
    (path,) = read_index(client)
    assert path == f"/rooms/{quote('茶室')}/sitemap.xml"
    assert f"/rooms/{quote('茶室')}/2018/03/27/" in read_sitemap(client, path)


def test_its_number_of_queries_does_not_grow(archive: Path, client: Client) -> None:
    open_to_robots()
    open_to_robots("wine-room")
    for path in (INDEX, TEA):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) <= 3


def test_more_than_one_may_hold_is_in_pages() -> None:
    first = dt.date(1950, 1, 1)
    sitemap = RoomSitemap("tea-room", [first + dt.timedelta(days=day) for day in range(60_000)])
    assert sitemap.limit == MOST_ADDRESSES
    assert sitemap.paginator.num_pages == 2


@pytest.mark.parametrize("page", ["2", "0", "x"])
def test_a_page_that_is_none_is_not_found(page: str, archive: Path, client: Client) -> None:
    open_to_robots()
    assert client.get(TEA, {"p": page}).status_code == 404
