"""The pages of statistics and of which days there are."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from chatlogs import moderation
from chatlogs.audit import Justification
from chatlogs.models import ImportRun, Member, Message, Room
from chatlogs.queries import statistics as queries
from chatlogs.web.charts import draw_sign
from tests.importing.archives import import_tree
from tests.readers import turn
from tests.transcripts.making import message, write_transcript
from tests.wordy import around
from tests.worlds import import_once

WHY: Justification = {"by": None, "category": "request", "reason": "说不了"}

SPRING, SUMMER, WINTER = dt.date(2018, 3, 27), dt.date(2018, 7, 2), dt.date(2019, 1, 5)
COUNTED = re.compile(r'href="(/messages/\?[^"]*)">([0-9,]+)</a>')


@pytest.fixture
def talk(db: None, tmp_path: Path) -> Path:
    write_said(tmp_path, "tea-room", SPRING, [*around("通道", 30), *around("", 60)])
    write_said(tmp_path, "tea-room", WINTER, [*around("退款", 20), "@石榴?退款好[强]", "[OK] API", *["api"] * 5])
    write_said(tmp_path, "wine-room", SUMMER, [*around("退款", 9), "@石榴?[强]", "［强］", "《退款》 APIs"], "石榴")
    write_transcript(tmp_path, "wine-room", SUMMER + dt.timedelta(days=1))
    write_said(tmp_path, "wine-room", SUMMER + dt.timedelta(days=4), ["好"])
    import_once(tmp_path)
    return tmp_path


def write_said(folder: Path, room: str, date: dt.date, texts: list[str], other: str = "老陆") -> None:
    said = (
        message(f"{9 + number % 3:02}:{number // 3:02}:00", other if number % 4 else "石榴", text)
        for number, text in sorted(enumerate(texts), key=lambda one: (one[0] % 3, one[0]))
    )
    write_transcript(folder, room, date, *said)


def page_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def counted_on(client: Client, address: str) -> dict[str, int]:
    """The searches that a page links, each with the number that it says they find."""
    links = COUNTED.findall(page_of(client, address))
    return {unescape(href): int(number.replace(",", "")) for href, number in links}


@pytest.mark.parametrize(
    "query", ["", "?room=tea-room", "?room=wine-room", "?year=2018", "?year=2019", "?room=tea-room&year=2019"]
)
@pytest.mark.parametrize("most", [queries.MOST_READ, 40])
def test_every_number_is_what_its_search_counts(
    query: str, most: int, talk: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_READ", most)
    monkeypatch.setattr(queries, "MOST_READ_FOR_WORDS", most)
    counted = counted_on(client, f"/stats/{query}")
    assert len(counted) > 3
    assert {href: client.get(href).context["count"] for href in counted} == counted


def test_the_numbers_are_those_of_the_archive(talk: Path, client: Client) -> None:
    counted = counted_on(client, "/stats/")
    key = Member.objects.get(aliases__name="石榴", aliases__room__slug="tea-room").key
    assert counted["/messages/?since=2018-03-01&until=2018-03-31"] == 90
    assert counted["/messages/?since=2019-01-01&until=2019-01-31"] == 27
    assert counted[f"/messages/?mentions={key}"] == 1
    assert counted["/messages/?q=%22%5B%E5%BC%BA%5D%22"] == 3
    assert counted["/messages/?q=%22%E9%80%80%E6%AC%BE%22"] == 31
    assert counted["/messages/?q=%22%E9%80%9A%E9%81%93%22"] == 30
    assert counted["/messages/?q=%22api%22"] == 7


def test_of_how_many_was_read_is_said(talk: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Based on the newest" not in page_of(client, "/stats/")
    monkeypatch.setattr(queries, "MOST_READ_FOR_WORDS", 30)
    client.cookies.clear()
    moderation.hide([Message.objects.get(text="好")], **WHY)
    page = client.get("/stats/", headers={"accept-language": "en"}).content.decode()
    assert "Based on the newest 27 messages" in page


def test_a_hidden_word_is_gone_at_once(talk: Path, client: Client) -> None:
    assert "通道" in page_of(client, "/stats/")
    moderation.hide(list(Message.objects.filter(text__contains="通道")), **WHY)
    assert "通道" not in page_of(client, "/stats/")


def test_it_leads_to_each_room_and_year_and_to_the_days(talk: Path, client: Client) -> None:
    page = page_of(client, "/stats/?year=2018")
    for href in ("/stats/?year=2018&amp;room=tea-room", "/stats/?year=2019", "/coverage/", "/stats/?"):
        assert f'href="{href}"' in page
    page = page_of(client, "/stats/?room=wine-room")
    assert 'href="/rooms/wine-room/"' in page
    assert 'href="/coverage/#room-wine-room"' in page


def test_a_room_leads_to_its_figures_and_days(talk: Path, client: Client) -> None:
    page = page_of(client, "/rooms/tea-room/")
    assert 'href="/stats/?room=tea-room"' in page
    assert 'href="/coverage/#room-tea-room"' in page


def test_a_room_in_no_list_has_figures_for_who_knows_it(talk: Path, client: Client) -> None:
    turn("wine-room", Room.Visibility.UNLISTED)
    assert "wine-room" not in page_of(client, "/stats/") + page_of(client, "/coverage/")
    page = page_of(client, "/stats/?room=wine-room")
    assert "[强]" in page
    assert "/members/" not in page.split("<main")[1]
    assert "/coverage/#room" not in page + page_of(client, "/rooms/wine-room/")
    counted = counted_on(client, "/stats/?room=wine-room")
    assert {href: client.get(href).context["count"] for href in counted} == counted


def test_a_room_that_one_may_not_enter_is_answered_like_one_that_never_was(talk: Path, client: Client) -> None:
    Room.objects.filter(slug="wine-room").update(visibility=Room.Visibility.HIDDEN)
    hidden, never = (page_of(client, f"/stats/?room={slug}", 400) for slug in ("wine-room", "nowhere"))
    assert hidden.replace("wine-room", "nowhere") == never


@pytest.mark.parametrize("query", ["?room=nowhere", "?year=song", "?year=0", "?year=99999", "?room=%00"])
def test_what_makes_no_sense_is_said_and_leads_on(query: str, talk: Path, client: Client) -> None:
    page = page_of(client, f"/stats/{query}", 400)
    assert 'class="button" href="/stats/"' in page


def test_a_year_without_messages_leads_to_the_others(talk: Path, client: Client) -> None:
    page = page_of(client, "/stats/?year=1999")
    assert 'href="/stats/?year=2018"' in page


@pytest.mark.parametrize("address", ["/stats/", "/coverage/"])
def test_an_empty_archive_names_the_import_command(address: str, db: None, client: Client) -> None:
    assert "import_transcripts" in page_of(client, address)


def test_a_picture_has_a_title_and_its_numbers_as_a_table(talk: Path, client: Client) -> None:
    page = page_of(client, "/stats/")
    for title in ("months-title", "hours-title"):
        assert f'aria-labelledby="{title}"' in page
        assert f'<title id="{title}">' in page
    assert page.count("<table") >= 6


def test_days_have_signs_and_numbers(talk: Path, client: Client) -> None:
    page = client.get("/coverage/", headers={"accept-language": "en"}).content.decode()
    summer = page[page.index('id="room-wine-room-2018"') :]
    for words in ("2 days with messages", "1 without", "2 missing", "1 gap in the transcripts"):
        assert words in re.sub(r"\s+", " ", summer)
    assert summer.count(draw_sign("frame")) == 1
    assert summer.index('class="cross"') < summer.index("</svg>", summer.index('class="coverage"\n'))


def test_it_leads_to_the_rooms_and_their_figures(talk: Path, client: Client) -> None:
    page = page_of(client, "/coverage/")
    for href in ("/rooms/tea-room/", "/stats/?room=tea-room", "/stats/", "/coverage.json", "/rooms/wine-room/2018/07/"):
        assert f'href="{href}"' in page


def test_the_problems_are_told_to_staff_alone(talk: Path, client: Client) -> None:
    (talk / "tea-room" / "2018-03-28-chat.markdown").write_bytes(b"secret words\n")
    import_tree(talk)
    address, problems = "/coverage/", "/admin/chatlogs/importproblem/"
    page = page_of(client, address) + page_of(client, "/coverage.json")
    assert all(told not in page for told in ("chat.markdown", "secret", problems, str(talk)))
    client.force_login(User.objects.create_user("wen", is_staff=True))
    assert problems in page_of(client, address)


def test_as_json_it_tells_a_program_how_old_the_archive_is(talk: Path, client: Client) -> None:
    (talk / "tea-room" / "2018-03-28-chat.markdown").write_bytes(b"?\n")
    import_tree(talk)
    ImportRun.objects.exclude(pk=ImportRun.objects.latest("pk").pk).delete()
    ImportRun.objects.update(
        started_at=dt.datetime(2026, 3, 1, 3, 15, tzinfo=dt.UTC),
        finished_at=dt.datetime(2026, 3, 1, 3, 16, tzinfo=dt.UTC),
    )
    answer = client.get("/coverage.json").json()
    assert answer["last_import"] == {
        "started_at": "2026-03-01T03:15:00Z",
        "finished_at": "2026-03-01T03:16:00Z",
        "outcome": "finished",
        "last_finished_at": "2026-03-01T03:16:00Z",
    }
    tea, wine = answer["rooms"]
    assert wine == {
        "room": "wine-room",
        "title": "wine-room",
        "url": "http://testserver/rooms/wine-room/",
        "first": "2018-07-02",
        "last": "2018-07-06",
        "days": {"with_messages": 2, "without_messages": 1, "rejected": 0, "missing": 2},
        "missing": [{"first": "2018-07-04", "last": "2018-07-05", "days": 2}],
        "rejected": [],
    }
    assert tea["rejected"] == ["2018-03-28"]


def test_an_import_without_an_end_is_told(talk: Path, client: Client) -> None:
    ImportRun.objects.create(started_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    answer = client.get("/coverage.json").json()["last_import"]
    assert (answer["outcome"], answer["finished_at"]) == ("unfinished", None)
    assert answer["last_finished_at"]


def test_before_the_first_import_there_is_nothing_to_tell(db: None, client: Client) -> None:
    assert client.get("/coverage.json").json() == {"last_import": None, "rooms": []}
