"""Rooms, days and members."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chatlogs.models import Alias, Member, Message, Room
from chatlogs.people import merging
from tests.small_archive import LU, SPRING, TANG, ZHOU, import_tree
from tests.transcripts.making import message, write_transcript


def walk(client: Client, address: str, side: str = "next") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while address:
        page = client.get(address).json()
        found += page["results"]
        address = page[side]
    return found


def test_rooms_have_their_figures(archive: Path, client: Client) -> None:
    tea, wine = client.get("/api/v1/rooms/").json()["results"]
    assert (tea["slug"], wine["slug"]) == ("tea-room", "wine-room")
    assert (wine["message_count"], wine["day_count"]) == (121, 2)
    assert (wine["first_date"], wine["last_date"]) == ("2018-03-27", "2018-07-02")
    assert wine["url"] == "http://testserver/rooms/wine-room/"


def test_a_room_is_as_in_the_list(archive: Path, client: Client) -> None:
    tea = client.get("/api/v1/rooms/").json()["results"][0]
    assert client.get("/api/v1/rooms/tea-room/").json() == tea


def test_a_room_has_its_title_or_its_slug_for_one(archive: Path, client: Client) -> None:
    assert client.get("/api/v1/rooms/tea-room/").json()["title"] == "tea-room"
    Room.objects.filter(slug="tea-room").update(title="茶室")
    assert client.get("/api/v1/rooms/tea-room/").json()["title"] == "茶室"


def test_days_come_the_newest_first(archive: Path, client: Client) -> None:
    days = [(day["date"], day["room"]) for day in walk(client, "/api/v1/days/")]
    assert days == [
        ("2019-01-05", "tea-room"),
        ("2018-07-02", "wine-room"),
        ("2018-03-28", "tea-room"),
        ("2018-03-27", "tea-room"),
        ("2018-03-27", "wine-room"),
    ]


def test_a_day_has_its_figures_and_its_speaker(archive: Path, client: Client) -> None:
    (day,) = walk(client, "/api/v1/days/?room=tea-room&until=2018-03-27")
    member = Member.objects.get(aliases__name=LU, aliases__room__slug="tea-room")
    assert day == {
        "room": "tea-room",
        "date": "2018-03-27",
        "url": "http://testserver/rooms/tea-room/2018/03/27/",
        "message_count": 11,
        "member_count": day["member_count"],
        "speaker": {"name": LU, "member": member.key},
    }


def test_a_speaker_with_nothing_to_read_is_not_told(archive: Path, client: Client) -> None:
    Alias.objects.filter(name=LU, room__slug="tea-room").update(message_count=0)
    (day,) = walk(client, "/api/v1/days/?room=tea-room&until=2018-03-27")
    assert day["speaker"] is None


def test_pages_of_days_visit_each_day_once(archive: Path, client: Client) -> None:
    for number in range(5):
        write_transcript(archive, f"room-{number}", SPRING, message("09:00:00", TANG, "早"))
    import_tree(archive)
    at_once = walk(client, "/api/v1/days/")
    assert len(at_once) == 10
    for size in range(1, 6):
        assert walk(client, f"/api/v1/days/?page_size={size}") == at_once


def test_both_ends_of_a_range_of_dates_are_included(archive: Path, client: Client) -> None:
    days = walk(client, "/api/v1/days/?since=2018-03-28&until=2018-07-02")
    assert [day["date"] for day in days] == ["2018-07-02", "2018-03-28"]


@pytest.mark.parametrize("name", ["room=nowhere", "since=x", "page_size=0", "rom=tea-room", "page=2"])
def test_a_wrong_parameter_of_days_is_told(name: str, archive: Path, client: Client) -> None:
    response = client.get(f"/api/v1/days/?{name}")
    assert response.status_code == 400
    assert list(response.json()) == [name.partition("=")[0]]


@pytest.mark.parametrize("cursor", ["x", "é", "p=morgen", "p=2018-03-27&o=-1", "r=x", "p=\0"])
def test_a_made_up_cursor_leads_nowhere(cursor: str, archive: Path, client: Client) -> None:
    for written in (cursor, b64encode(cursor.encode()).decode()):
        assert client.get("/api/v1/days/", {"cursor": written}).status_code in {200, 404}


def test_members_come_the_most_active_first(archive: Path, client: Client) -> None:
    counts = [member["message_count"] for member in walk(client, "/api/v1/members/?page_size=1")]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == Member.objects.visible().count()


def test_there_is_no_page_behind_the_last(archive: Path, client: Client) -> None:
    assert client.get("/api/v1/members/?page=2").status_code == 404


def test_a_member_has_all_names(archive: Path, client: Client) -> None:
    alias = Alias.objects.get(name=ZHOU)
    member = client.get(f"/api/v1/members/{alias.member.key}/").json()
    assert member == {
        "key": alias.member.key,
        "name": ZHOU,
        "url": f"http://testserver/members/{alias.member.key}/",
        "company": "云杉支付",
        "role": "产品",
        "city": "杭州",
        "message_count": 2,
        "first_seen": "2018-03-27",
        "last_seen": "2018-03-27",
        "names": [
            {
                "name": ZHOU,
                "room": "tea-room",
                "message_count": 2,
                "first_seen": "2018-03-27",
                "last_seen": "2018-03-27",
            }
        ],
    }


def test_a_member_with_nothing_to_read_is_not_found(archive: Path, client: Client) -> None:
    member = Member.objects.get(aliases__name=ZHOU)
    Alias.objects.filter(name=ZHOU).update(message_count=0)
    assert client.get(f"/api/v1/members/{member.key}/").status_code == 404
    assert member.key not in [one["key"] for one in walk(client, "/api/v1/members/")]


def test_members_are_filtered_as_on_their_page(archive: Path, client: Client) -> None:
    for query in ("company=云杉支付", "q=老陆", "room=wine-room&messages=100", "silent=1", "sort=name", "city=没有"):
        listed = [member.key for member in client.get(f"/members/?{query}").context["page"]]
        assert [member["key"] for member in walk(client, f"/api/v1/members/?{query}")] == listed


def test_of_a_room_the_figures_are_of_the_names_in_it(archive: Path, client: Client) -> None:
    (found,) = walk(client, f"/api/v1/members/?room=wine-room&q={LU}")
    assert (found["message_count"], found["last_seen"]) == (1, "2018-03-27")


def test_what_is_not_known_of_a_member_is_null(archive: Path, client: Client) -> None:
    found = walk(client, f"/api/v1/members/?q={TANG}")[0]
    assert (found["company"], found["role"], found["city"]) == (None, None, None)


@pytest.mark.parametrize(
    "name", ["room=nowhere", "silent=x", "messages=0", "first_since=x", "order_by=key", "sort=key"]
)
def test_a_wrong_parameter_of_members_is_told(name: str, archive: Path, client: Client) -> None:
    response = client.get(f"/api/v1/members/?{name}")
    assert response.status_code == 400
    assert list(response.json()) == [name.partition("=")[0]]


def test_the_address_of_a_merged_member_leads_to_the_other(archive: Path, client: Client) -> None:
    gone, other = Member.objects.get(aliases__name=ZHOU), Member.objects.filter(aliases__name=TANG)[0]
    merging.merge(gone, other, by=None, reason="同一人")
    response = client.get(f"/api/v1/members/{gone.key}/")
    assert (response.status_code, response.headers["Location"]) == (301, f"/api/v1/members/{other.key}/")


def test_nothing_that_is_kept_secret_is_told(archive: Path, client: Client) -> None:
    told = b"".join(
        client.get(f"/api/v1/{path}").content for path in ("rooms/", "days/", "members/", "messages/?room=tea-room")
    ).decode()
    nameless = Alias.objects.get(name="")
    assert nameless.account_hash
    assert nameless.account_hash not in told
    assert "wxid_" not in told
    assert not [position for position in Message.objects.values_list("position", flat=True) if str(position) in told]


def test_dates_are_iso_dates(archive: Path, client: Client) -> None:
    for day in walk(client, "/api/v1/days/"):
        dt.date.fromisoformat(day["date"])
