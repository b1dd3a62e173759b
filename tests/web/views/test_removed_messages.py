"""What is left to see of a message that was removed, or whose author is hidden."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import strip_tags

from chatlogs.models import Message
from tests.small_archive import LU, TANG, ZHOU

State = Message.State
DAY = "/rooms/tea-room/2018/03/27/"
REMOVED = [State.HIDDEN, State.ERASED]


def page_of(client: Client, path: str = DAY) -> str:
    return client.get(path).content.decode()


def lines_of_removed(page: str) -> list[str]:
    items = re.findall(r'<li class="removed">.*?</li>', page, re.DOTALL)
    return [" ".join(strip_tags(item).split()) for item in items]


def change(text: str, **fields: object) -> Message:
    Message.objects.filter(text=text).update(**fields)
    return Message.objects.get(text=text)


def of_day(**fields: object) -> None:
    Message.objects.filter(day__date="2018-03-27", room__slug="tea-room").update(**fields)


@pytest.mark.parametrize("state", REMOVED)
def test_its_day_tells_that_something_was_removed(state: str, archive: Path, client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    change("早上好[强]", state=state)
    assert lines_of_removed(page_of(client)) == ["1 message removed"]


def test_in_a_row_they_are_one_line(archive: Path, client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    of_day(state=State.HIDDEN)
    assert lines_of_removed(page_of(client)) == ["11 messages removed"]


def test_the_line_leads_to_why(archive: Path, client: Client) -> None:
    change("早上好[强]", state=State.HIDDEN)
    line = re.search(r'<li class="removed">.*?</li>', page_of(client), re.DOTALL)
    assert line
    assert 'href="/about/"' in line[0]


@pytest.mark.parametrize("state", REMOVED)
def test_nothing_of_it_is_on_the_page(state: str, archive: Path, client: Client) -> None:
    message = change("来自无名账号", state=state)
    page = page_of(client)
    assert not [trace for trace in (message.key, message.text, "10:00:15") if trace in page]


def test_whoever_said_nothing_else_is_not_named(archive: Path, client: Client) -> None:
    Message.objects.filter(alias__name=ZHOU).update(state=State.ERASED)
    cited = page_of(client).replace(f"<cite>{ZHOU}</cite>", "")
    assert ZHOU not in cited


@pytest.mark.parametrize("state", REMOVED)
def test_no_other_page_tells_of_it(state: str, archive: Path, client: Client) -> None:
    of_day(state=state)
    paths = ["/", "/rooms/tea-room/", "/rooms/tea-room/2018/03/", "/messages/", "/members/", "/api/v1/messages/"]
    assert not [path for path in paths if "removed" in page_of(client, path)]


@pytest.mark.parametrize("state", REMOVED)
@pytest.mark.parametrize("address", ["/m/{}/", "/api/v1/messages/{}/"])
def test_its_address_says_that_it_is_gone(address: str, state: str, archive: Path, client: Client) -> None:
    message = change("第二天", state=state)
    response = client.get(address.format(message.key))
    assert response.status_code == 410
    assert message.text not in response.content.decode()


@pytest.mark.parametrize("address", ["/m/{}/", "/api/v1/messages/{}/"])
def test_what_is_held_for_review_is_not_found(address: str, archive: Path, client: Client) -> None:
    message = change("第二天", state=State.HELD)
    assert client.get(address.format(message.key)).status_code == 404


def test_a_duplicate_of_what_is_gone_is_gone(archive: Path, client: Client) -> None:
    shown, folded = Message.objects.filter(room__slug="wine-room", text__startswith="第").order_by("position")[:2]
    Message.objects.filter(pk=folded.pk).update(duplicate_of=shown)
    Message.objects.filter(pk=shown.pk).update(state=State.HIDDEN)
    assert client.get(f"/m/{folded.key}/").status_code == 410


# Hidden authors


def test_a_hidden_author_is_called_so(archive: Path, client: Client) -> None:
    change("第二天", alias=None, is_author_hidden=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    for path in ("/rooms/tea-room/2018/03/28/", "/messages/?since=2018-03-28&until=2018-03-28"):
        assert "author hidden" in page_of(client, path)
    assert LU not in page_of(client, "/rooms/tea-room/2018/03/28/")


def test_a_message_around_another_hides_its_author_too(archive: Path, client: Client) -> None:
    change("第二天", alias=None, is_author_hidden=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "<b>author hidden</b>" in page_of(client, "/messages/?q=新年好")


def test_the_api_names_no_hidden_author(archive: Path, client: Client) -> None:
    message = change("第二天", alias=None, is_author_hidden=True)
    assert client.get(f"/api/v1/messages/{message.key}/").json()["sender"] is None


def test_hidden_authors_are_told_apart_by_nothing(archive: Path, client: Client) -> None:
    """Not even by the colours of their pictures."""
    Message.objects.filter(alias__name__in=[ZHOU, TANG]).update(alias=None, is_author_hidden=True)
    avatars = re.findall(r'<li class="turn">\s*<span class="(avatar[^"]*)"', page_of(client))
    assert avatars.count("avatar") == 6 + 1  # and the one whom the transcript does not name
