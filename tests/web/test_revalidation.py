"""Browsers and proxies must revalidate every response: its content may have been removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chatlogs import moderation
from chatlogs.models import Member, Message
from chatlogs.models.revision import bump_revision
from tests.editorial.writing import message as quoted
from tests.editorial.writing import part, publish
from tests.small_archive import TANG

PATHS = [
    "/",
    "/feed/",
    "/sitemap.xml",
    "/rooms/",
    "/rooms/tea-room",
    "/rooms/tea-room/",
    "/rooms/tea-room/feed/",
    "/rooms/tea-room/sitemap.xml",
    "/rooms/tea-room/2018/",
    "/rooms/tea-room/2018/03/",
    "/rooms/tea-room/2018/03/28/",
    "/rooms/tea-room/2018/03/28.md",
    "/rooms/tea-room/2018/03/28.json",
    "/rooms/tea-room/2018/03/28.txt",
    "/rooms/tea-room/2018/03/28/?from=nothing",
    "/source/tea-room/2018/03/28/chat/",
    "/messages/",
    "/messages/?q=第",
    "/messages/?kind=song",
    "/messages/feed/?q=第",
    "/messages/export.csv",
    "/messages/export.jsonl",
    "/members/",
    "/stats/",
    "/coverage/",
    "/coverage.json",
    "/links/",
    "/images/",
    "/highlights/",
    "/highlights/tea-room-2018-03-28/",
    "/tags/",
    "/tags/茶/",
    "/api/v1/rooms/",
    "/api/v1/days/",
    "/api/v1/messages/",
    "/api/v1/search/?q=a&facets=1",
    "/api/v1/schema/",
    "/api/v1/nothing/",
    "/robots.txt",
    "/no/such/page/",
    "/accounts/login/",
    "/admin/login/",
]


DAY = "/rooms/tea-room/2018/03/28/"
KEPT = ["/", "/rooms/tea-room/", "/rooms/tea-room/2018/", "/rooms/tea-room/2018/03/", DAY, "/messages/", "/members/"]


@pytest.fixture
def paths(archive: Path) -> list[str]:
    publish("早上", part(quoted("第二天")), tags=("茶",))
    member = Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room")
    message = Message.objects.get(text="第二天")
    feed = reverse("member-feed", args=[member.key])
    return [*PATHS, member.get_absolute_url(), feed, message.get_absolute_url()]


def test_every_page_must_be_revalidated(paths: list[str], client: Client) -> None:
    assert [path for path in paths if "no-cache" not in client.get(path).headers["Cache-Control"]] == []


def test_a_page_for_a_signed_in_reader_is_private(paths: list[str], client: Client) -> None:
    client.force_login(User.objects.create_user("wen"))
    answers = {path: client.get(path) for path in paths}
    policies = {
        path: {*answer.headers["Cache-Control"].split(", ")} for path, answer in answers.items() if is_page(answer)
    }
    assert {path: policy for path, policy in policies.items() if not {"no-cache", "private"} <= policy} == {}


def is_page(answer: HttpResponseBase) -> bool:
    """Not a redirect to the address with a slash."""
    return answer.status_code != 301


def test_a_signed_in_reader_gets_another_page(paths: list[str], client: Client) -> None:
    answers = {path: client.get(path) for path in paths}
    varies = {path: answer.headers.get("Vary", "") for path, answer in answers.items() if is_page(answer)}
    assert {path: vary for path, vary in varies.items() if "Cookie" not in vary} == {}


def ask(client: Client, path: str, etag: str) -> int:
    return client.get(path, headers={"if-none-match": etag}).status_code


def test_an_unchanged_page_is_not_sent_again(paths: list[str], client: Client) -> None:
    answers = {path: client.get(path) for path in paths}
    tagged = {path: answer for path, answer in answers.items() if "ETag" in answer.headers}
    assert len(tagged) > 10
    statuses = {path: (one.status_code, ask(client, path, one.headers["ETag"])) for path, one in tagged.items()}
    assert statuses == dict.fromkeys(tagged, (200, 304))


def test_a_page_is_sent_again_after_any_change(paths: list[str], client: Client) -> None:
    before = {path: client.get(path) for path in paths}
    bump_revision()
    after = {path: ask(client, path, answer.headers.get("ETag", 'W/"1"')) for path, answer in before.items()}
    assert after == {path: answer.status_code for path, answer in before.items()}


@pytest.mark.parametrize("header", [{"if-none-match": "*"}, {"if-modified-since": "Fri, 01 Jan 2038 00:00:00 GMT"}])
def test_a_page_is_sent_without_an_etag_in_the_request(
    header: dict[str, str], paths: list[str], client: Client
) -> None:
    asked = {path: client.get(path, headers=header).status_code for path in paths}
    assert asked == {path: client.get(path).status_code for path in paths}


@pytest.mark.parametrize("path", KEPT)
def test_answering_not_modified_reads_only_the_revision(path: str, archive: Path, client: Client) -> None:
    etag = client.get(path).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        ask(client, path, etag)
    assert ["chatlogs_archive" in query["sql"] for query in queries] == [True]


@pytest.mark.parametrize("path", KEPT)
def test_each_language_has_its_own_page(path: str, archive: Path, client: Client) -> None:
    pages = [client.get(path, headers={"accept-language": language}) for language in ("zh-CN", "en")]
    assert len({page.headers["ETag"] for page in pages}) == 2
    assert [page.content.count(b'lang="en"') for page in pages] == [0, 1]


@pytest.mark.parametrize("path", KEPT)
def test_a_signed_in_reader_gets_no_cached_page(path: str, archive: Path, client: Client) -> None:
    etag = client.get(path).headers["ETag"]
    client.force_login(User.objects.create_user("wen"))
    response = client.get(path, headers={"if-none-match": etag})
    assert (response.status_code, "ETag" in response.headers) == (200, False)


def test_a_page_for_a_signed_in_reader_is_not_cached(archive: Path, client: Client) -> None:
    client.force_login(User.objects.create_user("wen"))
    client.get(DAY)
    assert "wen" not in Client().get(DAY).content.decode()
    assert "wen" in client.get(DAY).content.decode()


def test_a_page_is_rendered_again_after_a_removal(archive: Path, client: Client) -> None:
    before = client.get(DAY).content.decode()
    moderation.hide([Message.objects.get(text="第二天")], by=None, category="", reason="")
    after = client.get(DAY).content.decode()
    assert ("第二天" in before, "第二天" in after) == (True, False)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/robots.txt", "/"])
def test_an_anonymous_reader_has_no_session(path: str, db: None, client: Client) -> None:
    client.get(path)
    assert "sessionid" not in client.cookies
