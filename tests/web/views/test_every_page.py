"""What holds for every page alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from zeal import NPlusOneError

from chatlogs import editorial
from chatlogs.models import Day, Member, Room
from chatlogs.urls import urlpatterns
from tests.editorial.writing import message as message_of
from tests.editorial.writing import part, publish
from tests.small_archive import SPRING, TANG, import_tree
from tests.transcripts.making import message, write_transcript

# Patterns without arguments that are no pages: redirects, files, feeds and the form that takes a POST.
NO_PAGES = {
    "rooms",
    "permalinks",
    "find-removal",
    "removal",
    "feed",
    "messages-feed",
    "export-csv",
    "export-jsonl",
    "coverage-json",
    "sitemap",
}

PLAIN_NAMES = [
    one.name for one in urlpatterns if isinstance(one, URLPattern) and one.name and not one.pattern.converters
]

PAGES = [
    *(reverse(name) for name in PLAIN_NAMES if name not in NO_PAGES),
    "/rooms/tea-room/",
    "/rooms/tea-room/2018/",
    "/rooms/tea-room/2018/03/",
    "/rooms/tea-room/2018/03/27/",
    "/rooms/tea-room/2018/03/29/",
    "/rooms/tea-room/2018/03/27/?from=nothing",
    "/rooms/tea-room/2018/04/01/",
    "/messages/?q=早&room=tea-room&kind=text&since=2018-01-01",
    "/messages/?room=tea-room&kind=text&sender=a&since=2018-01-01&until=2018-02-01",
    "/messages/?kind=song",
    "/stats/?room=tea-room&year=2018",
    "/stats/?year=song",
    "/links/?room=tea-room&host=read.example.com&since=2018-01-01&sort=shared",
    "/links/?host=nowhere.example&room=tea-room",
    "/images/?room=tea-room&until=2019-01-01",
    "/images/?show=here",
    "/removal/done/ABCDEFGHJK/",
    "/no/such/page/",
]


@pytest.fixture
def paths(archive: Path) -> list[str]:
    highlight = publish("早上", part(message_of("早上好[强]"), message_of("也早")), tags=("茶",))
    editorial.write_note(highlight.parts.get().first.day, "一日", by=None)  # type: ignore[union-attr]
    member = Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room")
    return [*PAGES, *(one.get_absolute_url() for one in (member, highlight, highlight.tags.get()))]


@pytest.fixture
def pages(paths: list[str], client: Client) -> dict[str, str]:
    """What is on each."""
    return {path: client.get(path).content.decode() for path in paths}


def test_it_has_one_heading_of_the_first_rank(pages: dict[str, str]) -> None:
    assert {path: len(re.findall(r"<h1[\s>]", page)) for path, page in pages.items()} == dict.fromkeys(pages, 1)


def language_of(page: str) -> str:
    found = re.search(r'<html[^>]*lang="([^"]+)"', page)
    return found[1] if found else ""


def test_it_is_in_chinese_by_default(pages: dict[str, str]) -> None:
    assert {path: language_of(page) for path, page in pages.items()} == dict.fromkeys(pages, "zh-Hans")


def test_it_is_in_english_for_those_who_ask(paths: list[str], client: Client) -> None:
    pages = {path: client.get(path, headers={"accept-language": "en"}).content.decode() for path in paths}
    assert {path: language_of(page) for path, page in pages.items()} == dict.fromkeys(paths, "en")


def test_it_keeps_out_of_search_engines(paths: list[str], client: Client) -> None:
    policies = {path: client.get(path).headers["X-Robots-Tag"] for path in paths}
    assert {path: one for path, one in policies.items() if one not in {"noindex", "noindex, nofollow"}} == {}


def test_it_has_a_policy_without_unsafe_sources(paths: list[str], client: Client) -> None:
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in paths}
    assert {path: one for path, one in policies.items() if "default-src 'none'" not in one or "unsafe" in one} == {}


def test_it_has_no_inline_script_or_style(paths: list[str], client: Client) -> None:
    """But for what is told to search engines, which no browser runs."""
    Room.objects.update(is_indexable=True)
    inline = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)")
    for_engines = '<script type="application/ld+json">'
    pages = {path: client.get(path).content.decode().replace(for_engines, "") for path in paths}
    assert {path: inline.findall(page) for path, page in pages.items() if inline.search(page)} == {}


def test_it_refuses_to_be_posted_to(paths: list[str], client: Client) -> None:
    statuses = {path: client.post(path).status_code for path in paths}
    assert {path: status for path, status in statuses.items() if status not in {403, 404, 405}} == {}


def count_queries(client: Client, path: str) -> int:
    """Of those that read a table: not what begins and ends a time limit."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum(" FROM " in query["sql"] for query in queries)


def test_its_number_of_queries_does_not_grow_with_the_archive(paths: list[str], archive: Path, client: Client) -> None:
    before = {path: count_queries(client, path) for path in paths}
    for number in range(3):
        many = (message(f"09:{n // 60:02}:{n % 60:02}", f"新人{number}{n}", f"{n}") for n in range(60))
        write_transcript(archive, f"room-{number}", SPRING, *many)
    more = (message(f"11:{n // 60:02}:{n % 60:02}", f"{TANG}{n % 9}", f"{n}") for n in range(100))
    day = archive / "tea-room" / f"{SPRING}-chat.markdown"
    day.write_bytes(day.read_bytes() + b"".join(more))
    import_tree(archive)
    after = {path: count_queries(client, path) for path in paths}
    assert {path: (before[path], count) for path, count in after.items() if count > before[path]} == {}


def test_its_number_of_queries_is_small(paths: list[str], client: Client) -> None:
    counts = {path: count_queries(client, path) for path in paths}
    assert {path: count for path, count in counts.items() if count > 12} == {}


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/robots.txt", "/sitemap.xml", "/feed/"])
def test_a_page_for_machines_answers(path: str, db: None, client: Client) -> None:
    assert client.get(path).status_code == 200


def test_an_error_in_a_view_gives_a_page_without_a_traceback(
    archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("chatlogs.queries.rooms.find_rooms", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "canary" not in response.content.decode()
    assert "<h1" in response.content.decode()


def test_what_asks_again_for_each_row_is_noticed_here(
    archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask_again(*_: object) -> list[str]:
        return [str(day.room) for day in Day.objects.all()]

    monkeypatch.setattr("chatlogs.queries.rooms.find_rooms", ask_again)
    with pytest.raises(NPlusOneError):
        client.get("/")
