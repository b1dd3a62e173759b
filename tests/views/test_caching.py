"""No answer may be shown again without asking: what is in it may have been removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from chatlogs.models import Member, Message
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
    "/messages/",
    "/messages/?q=第",
    "/messages/?kind=song",
    "/messages/feed/?q=第",
    "/messages/export.csv",
    "/messages/export.jsonl",
    "/members/",
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


@pytest.fixture(params=["member", "member feed", "message", *PATHS])
def path(request: pytest.FixtureRequest, archive: Path) -> str:
    if request.param in ("member", "member feed"):
        member = Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room")
        return reverse("member-feed", args=[member.key]) if "feed" in request.param else member.get_absolute_url()
    if request.param == "message":
        return Message.objects.get(text="第二天").get_absolute_url()
    return str(request.param)


def test_it_must_be_asked_for_again(path: str, client: Client) -> None:
    assert "no-cache" in client.get(path).headers["Cache-Control"]


def test_what_somebody_who_is_signed_in_reads_is_theirs_alone(path: str, client: Client) -> None:
    client.force_login(User.objects.create_user("wen"))
    response = client.get(path)
    leads_to_its_slash = response.status_code == 301
    assert leads_to_its_slash or {"no-cache", "private"} <= {*response.headers["Cache-Control"].split(", ")}


def test_it_is_another_for_who_is_signed_in(path: str, client: Client) -> None:
    response = client.get(path)
    assert response.status_code == 301 or "Cookie" in response.headers["Vary"]


def test_it_is_never_called_unchanged(path: str, client: Client) -> None:
    response = client.get(path)
    assert not {"ETag", "Last-Modified"} & {*response.headers}
    again = client.get(path, headers={"if-none-match": "*", "if-modified-since": "Fri, 01 Jan 2038 00:00:00 GMT"})
    assert again.status_code == response.status_code


def test_a_page_is_told_anew_after_a_removal(archive: Path, client: Client) -> None:
    before = client.get("/rooms/tea-room/2018/03/28/").content.decode()
    Message.objects.filter(text="第二天").update(state=Message.State.HIDDEN)
    after = client.get("/rooms/tea-room/2018/03/28/").content.decode()
    assert ("第二天" in before, "第二天" in after) == (True, False)


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/robots.txt", "/"])
def test_who_is_not_signed_in_has_no_session(path: str, db: None, client: Client) -> None:
    client.get(path)
    assert "sessionid" not in client.cookies
