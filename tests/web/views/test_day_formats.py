"""A day for other programs is made of what its page shows."""

from __future__ import annotations

import json
from pathlib import Path

import markdown
import pytest
from django.test import Client

from chatlogs.models import Alias, Message
from tests.markup import elements_of
from tests.readers import turn
from tests.small_archive import HOSTILE, LU

DAY = "/rooms/tea-room/2018/03/27"
ENDINGS = ["md", "json", "txt"]


@pytest.fixture(params=ENDINGS)
def ending(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_has_every_text(ending: str, archive: Path, client: Client) -> None:
    body = client.get(f"{DAY}.{ending}").content.decode()
    for text in ("早上好", "无名氏的话", "一篇文章", "https://read.example.com/x", LU.replace("_", "")[:2]):
        assert text in body


def test_it_is_made_of_what_is_visible(ending: str, hidden: Message, client: Client) -> None:
    body = client.get(f"/rooms/tea-room/2018/03/28.{ending}").content.decode()
    assert hidden.text not in body
    assert hidden.key not in body


def test_it_is_never_the_stored_source(ending: str, archive: Path, client: Client) -> None:
    assert "wxid_" not in client.get(f"{DAY}.{ending}").content.decode()


def test_a_day_that_is_not_there_has_none(ending: str, archive: Path, client: Client) -> None:
    assert client.get(f"/rooms/tea-room/1999/01/01.{ending}").status_code == 404


def test_a_room_that_is_closed_has_none(ending: str, archive: Path, client: Client) -> None:
    turn("tea-room", "hidden")  # type: ignore[arg-type]
    assert client.get(f"{DAY}.{ending}").status_code == 404


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [("md", "text/markdown; charset=utf-8"), ("json", "application/json"), ("txt", "text/plain; charset=utf-8")],
)
def test_it_says_what_it_is(ending: str, content_type: str, archive: Path, client: Client) -> None:
    assert client.get(f"{DAY}.{ending}").headers["Content-Type"] == content_type


def test_it_keeps_out_of_search_engines(ending: str, archive: Path, client: Client) -> None:
    assert client.get(f"{DAY}.{ending}").headers["X-Robots-Tag"] == "noindex"


def test_cutting_its_ending_leads_to_the_day(archive: Path, client: Client) -> None:
    assert client.get(DAY).headers["Location"] == f"{DAY}/"


def test_json_has_the_messages_of_the_api(archive: Path, client: Client) -> None:
    Alias.objects.filter(name=LU).update(name=f" {LU} ")
    messages = json.loads(client.get(f"{DAY}.json").content)["messages"]
    for message in messages:
        expected = client.get(f"/api/v1/messages/{message['key']}/").json()
        assert message == {name: value for name, value in expected.items() if name not in {"room", "date"}}


def test_text_has_a_line_for_each_message(archive: Path, client: Client) -> None:
    lines = client.get(f"{DAY}.txt").content.decode().splitlines()
    assert lines[3] == "09:00:00 周可-云杉支付-产品-杭州: 早上好[强]"
    assert len(lines) == 3 + Message.objects.filter(day__date="2018-03-27", room__slug="tea-room").count()


def test_nothing_that_was_said_is_markup_in_the_markdown(archive: Path, client: Client) -> None:
    html = markdown.markdown(client.get(f"{DAY}.md").content.decode())
    assert HOSTILE not in html
    names = {name for name, _ in elements_of(html)}
    assert names <= {"h1", "p", "a", "blockquote", "strong", "br"}


def test_the_page_leads_to_all_of_them(archive: Path, client: Client) -> None:
    page = client.get(f"{DAY}/").content.decode()
    assert [ending for ending in ENDINGS if f'href="{DAY}.{ending}"' in page] == ENDINGS
