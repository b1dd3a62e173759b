from __future__ import annotations

from pathlib import Path

from django.test import Client

from chatlogs.models import Member
from tests.small_archive import LU, TANG


def member_named(name: str, room: str) -> Member:
    return Member.objects.get(aliases__name=name, aliases__room__slug=room)


def test_the_most_active_member_comes_first(archive: Path, client: Client) -> None:
    members = list(client.get("/members/").context["page"])
    assert members[0] == member_named(TANG, "wine-room")
    assert members[0].message_count == 120


def test_a_member_has_a_page_with_names_and_messages(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    response = client.get(member.get_absolute_url())
    assert [name.name for name in response.context["names"]] == [LU]
    assert response.context["page"].messages[0].text == "新年好"


def test_an_unknown_member_is_named_as_such(archive: Path, client: Client) -> None:
    member = Member.objects.get(name="")
    page = client.get(member.get_absolute_url()).content.decode()
    assert "未知成员" in page


def test_a_members_messages_come_page_by_page(archive: Path, client: Client) -> None:
    member = member_named(TANG, "wine-room")
    first = client.get(member.get_absolute_url()).context["page"]
    second = client.get(member.get_absolute_url(), {"older": first.older}).context["page"]
    assert first.messages[-1].position > second.messages[0].position


def test_an_unknown_key_is_not_found(archive: Path, client: Client) -> None:
    assert client.get("/members/0000000000000000/").status_code == 404


def test_a_member_without_visible_messages_is_not_found(archive: Path, client: Client) -> None:
    member = member_named(LU, "tea-room")
    member.aliases.update(message_count=0)
    assert client.get(member.get_absolute_url()).status_code == 404
