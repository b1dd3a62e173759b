"""Notes on days in the admin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chatlogs import editorial
from chatlogs.models import DayNote
from tests.admin.moderating import address, last_action, listed, page_of, save, sign_in_as
from tests.editorial.writing import day
from tests.readers import make_private
from tests.small_archive import NEXT_DAY

DAY = "/rooms/tea-room/2018/03/28/"


@pytest.fixture
def curator(client: Client, archive: Path) -> Client:
    sign_in_as(client, "curator")
    return client


def add(client: Client, where: str, text: str = "一日") -> Any:
    return client.post(address(DayNote, "add"), {"day": where, "text": text})


def test_a_day_is_named_by_its_address(curator: Client) -> None:
    assert add(curator, f"https://talks.example.org{DAY}#m-x").status_code == 302
    note = DayNote.objects.get()
    assert (note.day, note.text, str(note.changed_by)) == (day(NEXT_DAY), "一日", last_action().actor_name)


@pytest.mark.parametrize(
    "where", ["", "tea-room", "/rooms/tea-room/2018/02/30/", "/rooms/tea-room/2018/03/29/", "/rooms/no/2018/03/28/"]
)
def test_what_is_no_day_with_messages_is_refused(curator: Client, where: str) -> None:
    assert add(curator, where).status_code == 200
    assert not DayNote.objects.exists()


def test_a_day_of_a_closed_room_is_refused(curator: Client) -> None:
    make_private("tea-room")
    assert "This is not the address of a day" in add(curator, DAY).content.decode()


def test_a_day_has_one_note(curator: Client) -> None:
    add(curator, DAY)
    assert "already has a note" in add(curator, DAY, "另一日").content.decode()


def test_the_day_that_somebody_reads_is_proposed(curator: Client) -> None:
    page = curator.get(address(DayNote, "add"), {"day": DAY}).content.decode()
    assert f'value="{DAY}"' in page


def test_it_is_changed_and_removed(curator: Client) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    note = DayNote.objects.get()
    assert save(curator, note, text="另一日").status_code == 302
    assert DayNote.objects.get().text == "另一日"
    save(curator, note, text="")
    assert DayNote.objects.get().text == ""
    assert "note removed" in page_of(curator, last_action())


def test_its_page_leads_to_the_day(curator: Client) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    assert DAY in page_of(curator, DayNote.objects.get())
    assert "2018-03-28" in listed(curator, DayNote, q="2018-03-28")
