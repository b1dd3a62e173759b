from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatlogs.db.timeouts import TimeLimitExceeded
from chatlogs.models import Message
from tests.small_archive import LU, NEXT_DAY, TANG, ZHOU, import_tree
from tests.transcripts.making import message, write_transcript

CSV, JSONL = "/messages/export.csv", "/messages/export.jsonl"
BOTH = pytest.mark.parametrize("path", [CSV, JSONL])


def download(client: Client, path: str, **parameters: str) -> str:
    response = client.get(path, parameters)
    assert response.status_code == 200
    assert isinstance(response, StreamingHttpResponse)
    return response.getvalue().decode()


def rows_of(client: Client, **parameters: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(download(client, CSV, **parameters).removeprefix("\ufeff"), newline="")))


def lines_of(client: Client, **parameters: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in download(client, JSONL, **parameters).splitlines()]


def stored_keys(order: str = "-position") -> list[str]:
    return list(Message.objects.visible().order_by(order).values_list("key", flat=True))


@pytest.fixture
def small_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.queries.exports.MOST_EXPORTED", 100)
    monkeypatch.setattr("chatlogs.web.views.downloads.MOST_EXPORTED", 100)


@pytest.mark.parametrize("read", [rows_of, lines_of])
def test_all_messages_are_in_it_the_newest_first(
    read: Callable[..., list[dict[str, object]]], archive: Path, client: Client
) -> None:
    assert [message["key"] for message in read(client)] == stored_keys()


@pytest.mark.parametrize("read", [rows_of, lines_of])
def test_they_are_in_the_order_asked_for(
    read: Callable[..., list[dict[str, object]]],
    archive: Path,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chatlogs.queries.exports.BATCH", 7)
    assert [message["key"] for message in read(client, sort="oldest")] == stored_keys("position")


@pytest.mark.parametrize("read", [rows_of, lines_of])
def test_only_what_is_searched_for_is_in_it(
    read: Callable[..., list[dict[str, object]]], archive: Path, client: Client
) -> None:
    assert [message["text"] for message in read(client, q="第", room="tea-room")] == ["第二天"]


@pytest.mark.parametrize("read", [rows_of, lines_of])
def test_a_hidden_message_is_not_in_it(
    read: Callable[..., list[dict[str, object]]], hidden: Message, client: Client
) -> None:
    assert hidden.text not in [message["text"] for message in read(client)]


def test_a_line_is_a_message_of_the_api(archive: Path, client: Client) -> None:
    assert lines_of(client, q="第二天") == client.get("/api/v1/messages/?q=第二天").json()["results"]


def test_a_row_tells_who_said_what_where_and_when(archive: Path, client: Client) -> None:
    key = Message.objects.get(text="第二天").key
    assert rows_of(client, q="第二天") == [
        {
            "key": key,
            "url": f"http://testserver/m/{key}/",
            "room": "tea-room",
            "date": "2018-03-28",
            "time": "08:00:00",
            "sender": LU,
            "kind": "text",
            "text": "第二天",
            "link": "",
        }
    ]


def test_a_row_has_the_address_of_a_link_or_of_a_picture(archive: Path, client: Client) -> None:
    assert [row["link"] for row in rows_of(client, kind="link", sort="oldest")] == [
        "https://read.example.com/x",
        "https://read.example.com/y",
    ]
    assert [row["link"] for row in rows_of(client, kind="image")] == ["http://img.example.org/1.png"]


def test_a_table_begins_as_excel_wants_it(archive: Path, client: Client) -> None:
    assert download(client, CSV).startswith("\ufeffkey,url,room,")


def test_a_table_of_nothing_has_its_columns(archive: Path, client: Client) -> None:
    assert download(client, CSV, q="没有人说过").splitlines() == ["\ufeffkey,url,room,date,time,sender,kind,text,link"]


def test_a_file_of_nothing_is_empty(archive: Path, client: Client) -> None:
    assert download(client, JSONL, q="没有人说过") == ""


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠"])
def test_what_a_spreadsheet_would_calculate_is_text(start: str, archive: Path, client: Client) -> None:
    write_transcript(archive, "wine-room", NEXT_DAY, message("09:00:00", f"{start}{TANG}", f"{start}1+1"))
    import_tree(archive)
    (row,) = rows_of(client, room="wine-room", since=str(NEXT_DAY), until=str(NEXT_DAY))
    assert (row["sender"], row["text"]) == (f"'{start}{TANG}", f"'{start}1+1")


def test_quotes_commas_and_lines_stay_in_their_cell(archive: Path, client: Client) -> None:
    text = '一,"二"\n三'
    Message.objects.filter(text="第二天").update(text=text)
    assert text in [row["text"] for row in rows_of(client, sender=LU)]


@BOTH
def test_it_is_a_file_to_keep(path: str, archive: Path, client: Client) -> None:
    response = client.get(path)
    name = path.rpartition(".")[2]
    assert response.headers["Content-Disposition"] == f'attachment; filename="messages.{name}"'
    assert response.headers["X-Truncated"] == "false"


@BOTH
def test_it_ends_at_the_most_that_is_given_and_says_so(
    path: str, archive: Path, client: Client, small_export: None
) -> None:
    response = client.get(path, {"room": "wine-room"})
    assert response.headers["X-Truncated"] == "true"
    assert "messages-first-100." in response.headers["Content-Disposition"]
    assert len(lines_of(client, room="wine-room")) == 100


def test_exactly_the_most_that_is_given_is_all(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.queries.exports.MOST_EXPORTED", len(stored_keys()))
    assert client.get(JSONL).headers["X-Truncated"] == "false"


@BOTH
def test_it_keeps_out_of_search_engines(path: str, archive: Path, client: Client) -> None:
    assert client.get(path).headers["X-Robots-Tag"] == "noindex, nofollow"


@BOTH
@pytest.mark.parametrize("parameters", [{"kind": "song"}, {"since": "morgen"}, {"room": "nowhere"}])
def test_a_wrong_filter_is_told_on_the_page(
    path: str, parameters: dict[str, str], archive: Path, client: Client
) -> None:
    response = client.get(path, parameters)
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


@BOTH
def test_what_takes_too_long_to_find_is_told(
    path: str, archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise TimeLimitExceeded

    monkeypatch.setattr("chatlogs.web.views.downloads.find_export", never)
    response = client.get(path, {"q": ZHOU})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


@BOTH
def test_it_refuses_to_be_posted_to(path: str, client: Client) -> None:
    assert client.post(path).status_code == 405


def test_messages_are_read_as_they_are_sent(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.queries.exports.BATCH", 50)
    response = client.get(JSONL)
    assert isinstance(response, StreamingHttpResponse)
    with CaptureQueriesContext(connection) as queries:
        chunks = iter(response)
        assert len(queries) == 0
        while not next(chunks):
            pass
        assert len(queries) == 1
        assert sum(1 for _ in chunks) + 1 == len(queries) == -(-len(stored_keys()) // 50) == 3
