from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs.models import Room


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
    assert [(year.number, year.message_count) for year in years] == [(2019, 1), (2018, 12)]


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
