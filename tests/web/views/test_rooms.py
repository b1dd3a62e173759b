from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs import moderation
from chatlogs.models import Message, Room
from tests.readers import turn
from tests.small_archive import LU, NEXT_DAY, SPRING, SUMMER, WINTER


def test_home_of_an_empty_archive_names_the_import_command(db: None, client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "import_transcripts" in response.content.decode()


def test_home_leads_to_each_room(archive: Path, client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'href="/rooms/tea-room/"' in page
    assert 'href="/rooms/wine-room/"' in page


def test_home_counts_messages_days_and_members(archive: Path, client: Client) -> None:
    totals = client.get("/").context["totals"]
    assert (totals["messages"], totals["days"], totals["members"]) == (134, 5, 6)


def test_a_room_shows_its_years_the_newest_first(archive: Path, client: Client) -> None:
    years = client.get("/rooms/tea-room/").context["years"]
    assert [(year.number, year.message_count) for year, _ in years] == [(2019, 1), (2018, 12)]


def test_a_room_shows_each_year_at_a_glance(archive: Path, client: Client) -> None:
    years = client.get("/rooms/tea-room/").context["years"]
    shown = {year.number: {cell.date: cell.count for cell in heatmap.cells} for year, heatmap in years}
    assert shown == {2019: {WINTER: 1}, 2018: {SPRING: 11, NEXT_DAY: 1}}


def test_a_room_lists_the_days_with_a_talk(archive: Path, client: Client) -> None:
    context = client.get("/rooms/tea-room/").context
    assert [(day.date, day.speaker.name) for day in context["talks"]] == [(SPRING, LU)]


def test_a_talk_of_which_nothing_can_be_read_is_not_listed(archive: Path, client: Client) -> None:
    moderation.hide(list(Message.objects.filter(alias__name=LU)), by=None, category="", reason="")
    assert client.get("/rooms/tea-room/").context["talks"] == []


def test_home_shows_each_rooms_newest_year(archive: Path, client: Client) -> None:
    rooms = client.get("/").context["rooms"]
    assert [(room.slug, year, len(heatmap.cells)) for room, year, heatmap in rooms] == [
        ("tea-room", 2019, 1),
        ("wine-room", 2018, 2),
    ]


def test_home_shows_the_newest_conversations_first(archive: Path, client: Client) -> None:
    newest = client.get("/").context["newest"]
    assert [(talk.day.date, talk.message_count) for talk in newest][:2] == [(WINTER, 1), (SUMMER, 120)]


def test_a_conversation_on_the_home_page_leads_to_its_first_message(archive: Path, client: Client) -> None:
    first = Message.objects.get(text="第0句")
    assert f'href="/m/{first.key}/"' in client.get("/").content.decode()


def test_what_is_hidden_is_in_no_newest_conversation(archive: Path, client: Client) -> None:
    moderation.hide([Message.objects.get(text="新年好")], by=None, category="", reason="")
    page = client.get("/").content.decode()
    assert "新年好" not in page
    assert str(WINTER) not in page


def test_a_room_in_no_list_is_on_no_home_page(archive: Path, client: Client) -> None:
    turn("wine-room", Room.Visibility.UNLISTED)
    assert {talk.day.room.slug for talk in client.get("/").context["newest"]} == {"tea-room"}


def test_an_address_of_the_former_site_leads_to_its_day(archive: Path, client: Client) -> None:
    response = client.get("/source/tea-room/2018/03/27/chat/")
    assert (response.status_code, response.headers["Location"]) == (301, "/rooms/tea-room/2018/03/27/")


def test_a_day_without_messages_is_no_link_in_the_calendar(archive: Path, client: Client) -> None:
    page = client.get("/rooms/tea-room/2018/03/").content.decode()
    assert 'href="/rooms/tea-room/2018/03/28/"' in page
    assert 'href="/rooms/tea-room/2018/03/30/"' not in page


def test_a_date_in_the_jump_form_leads_to_the_day(archive: Path, client: Client) -> None:
    response = client.get("/rooms/tea-room/", {"date": "2018-03-27"})
    assert response.headers["Location"] == "/rooms/tea-room/2018/03/27/"


def test_nonsense_in_the_jump_form_shows_the_room(archive: Path, client: Client) -> None:
    assert client.get("/rooms/tea-room/", {"date": "gestern"}).status_code == 200


@pytest.mark.parametrize("tail", ["2018/", "2018/03/"])
def test_cutting_the_tail_of_a_days_address_gives_a_page(tail: str, archive: Path, client: Client) -> None:
    assert client.get(f"/rooms/tea-room/{tail}").status_code == 200


@pytest.mark.parametrize("tail", ["2017/", "2018/05/", "2018/05/01/"])
def test_a_time_without_messages_says_so_and_leads_to_the_nearest_day(tail: str, archive: Path, client: Client) -> None:
    response = client.get(f"/rooms/tea-room/{tail}")
    assert response.status_code == 404
    page = response.content.decode()
    assert "/rooms/tea-room/2018/03/2" in page or "/rooms/tea-room/2019/01/05/" in page


@pytest.mark.parametrize(
    "path",
    [
        "/rooms/nowhere/",
        "/rooms/%00/",
        "/rooms/%00/2018/03/27/",
        "/rooms/a%2Fb/",
        "/rooms/tea-room/2018/13/",
        "/rooms/tea-room/2018/02/30/",
    ],
)
def test_what_cannot_be_is_not_found(path: str, archive: Path, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_a_rooms_description_is_markdown_without_active_content(archive: Path, client: Client) -> None:
    Room.objects.filter(slug="tea-room").update(description="**茶** <script>alert(2)</script>")
    page = client.get("/rooms/tea-room/").content.decode()
    assert "<strong>茶</strong>" in page
    assert "alert(2)" not in page
