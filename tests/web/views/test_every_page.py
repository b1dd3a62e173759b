"""What holds for every page alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from zeal import NPlusOneError

from chatlogs import editorial
from chatlogs.models import Day, Member, Room
from tests.editorial.writing import message as message_of
from tests.editorial.writing import part, publish
from tests.small_archive import SPRING, TANG, import_tree
from tests.transcripts.making import message, write_transcript

PAGES = [
    "/",
    "/rooms/tea-room/",
    "/rooms/tea-room/2018/",
    "/rooms/tea-room/2018/03/",
    "/rooms/tea-room/2018/03/27/",
    "/rooms/tea-room/2018/03/29/",
    "/rooms/tea-room/2018/03/27/?from=nothing",
    "/rooms/tea-room/2018/04/01/",
    "/messages/",
    "/messages/?q=早&room=tea-room&kind=text&since=2018-01-01",
    "/messages/?room=tea-room&kind=text&sender=a&since=2018-01-01&until=2018-02-01",
    "/messages/?kind=song",
    "/members/",
    "/stats/",
    "/stats/?room=tea-room&year=2018",
    "/stats/?year=song",
    "/coverage/",
    "/links/",
    "/links/?room=tea-room&host=read.example.com&since=2018-01-01&sort=shared",
    "/links/?host=nowhere.example&room=tea-room",
    "/images/",
    "/images/?room=tea-room&until=2019-01-01",
    "/images/?show=here",
    "/highlights/",
    "/tags/",
    "/about/",
    "/removal/done/ABCDEFGHJK/",
    "/no/such/page/",
]


@pytest.fixture(params=[*PAGES, "member", "highlight", "tag"])
def path(request: pytest.FixtureRequest, archive: Path) -> str:
    highlight = publish("早上", part(message_of("早上好[强]"), message_of("也早")), tags=("茶",))
    editorial.write_note(highlight.parts.get().first.day, "一日", by=None)  # type: ignore[union-attr]
    if request.param == "highlight":
        return highlight.get_absolute_url()
    if request.param == "tag":
        return highlight.tags.get().get_absolute_url()
    if request.param == "member":
        return Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room").get_absolute_url()
    return str(request.param)


def test_it_has_one_heading_of_the_first_rank(path: str, client: Client) -> None:
    assert len(re.findall(r"<h1[\s>]", client.get(path).content.decode())) == 1


def test_it_is_in_chinese_by_default(path: str, client: Client) -> None:
    assert re.search(r'<html[^>]*lang="zh-Hans"', client.get(path).content.decode())


def test_it_is_in_english_for_those_who_ask(path: str, client: Client) -> None:
    page = client.get(path, headers={"accept-language": "en"}).content.decode()
    assert re.search(r'<html[^>]*lang="en"', page)


def test_it_keeps_out_of_search_engines(path: str, client: Client) -> None:
    assert client.get(path).headers["X-Robots-Tag"] in {"noindex", "noindex, nofollow"}


def test_it_has_a_policy_without_unsafe_sources(path: str, client: Client) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_it_has_no_inline_script_or_style(path: str, client: Client) -> None:
    """But for what is told to search engines, which no browser runs."""
    Room.objects.update(is_indexable=True)
    page = client.get(path).content.decode().replace('<script type="application/ld+json">', "")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_it_refuses_to_be_posted_to(path: str, client: Client) -> None:
    assert client.post(path).status_code in {403, 404, 405}


def count_queries(client: Client, path: str) -> int:
    """Of those that read a table: not what begins and ends a time limit."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum(" FROM " in query["sql"] for query in queries)


def test_its_number_of_queries_does_not_grow_with_the_archive(path: str, archive: Path, client: Client) -> None:
    before = count_queries(client, path)
    for number in range(3):
        many = (message(f"09:{n // 60:02}:{n % 60:02}", f"新人{number}{n}", f"{n}") for n in range(60))
        write_transcript(archive, f"room-{number}", SPRING, *many)
    more = (message(f"11:{n // 60:02}:{n % 60:02}", f"{TANG}{n % 9}", f"{n}") for n in range(100))
    day = archive / "tea-room" / f"{SPRING}-chat.markdown"
    day.write_bytes(day.read_bytes() + b"".join(more))
    import_tree(archive)
    assert count_queries(client, path) <= before


def test_its_number_of_queries_is_small(path: str, client: Client) -> None:
    assert count_queries(client, path) <= 12


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
