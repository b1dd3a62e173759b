from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from chatlogs.models import Message
from chatlogs.web.views.messages import HITS_A_PAGE


def texts(client: Client, **parameters: str) -> list[str]:
    response = client.get("/messages/", parameters)
    assert response.status_code == 200
    return [message.text for message in response.context["page"].messages]


def walk(client: Client, direction: str, parameters: dict[str, str]) -> list[int]:
    """Positions of all pages, one after the other."""
    positions: list[int] = []
    cursor = parameters.get(direction, "")
    while True:
        page = client.get("/messages/", parameters | {direction: cursor}).context["page"]
        found = [message.position for message in page.messages]
        positions = positions + found if direction == "older" else found + positions
        cursor = getattr(page, direction)
        if not cursor:
            return positions


def test_the_newest_message_comes_first(archive: Path, client: Client) -> None:
    assert texts(client)[0] == "新年好"


def test_pages_backwards_visit_each_message_once(archive: Path, client: Client) -> None:
    stored = Message.objects.visible().order_by("-position").values_list("position", flat=True)
    assert walk(client, "older", {}) == list(stored)


def test_pages_forwards_visit_each_message_once(archive: Path, client: Client) -> None:
    *stored, oldest = Message.objects.visible().order_by("-position")
    assert walk(client, "newer", {"newer": oldest.key}) == [message.position for message in stored]


def test_the_newest_page_leads_to_no_newer_one(archive: Path, client: Client) -> None:
    page = client.get("/messages/", {"room": "wine-room", "kind": "text"}).context["page"]
    assert (len(page.messages), page.newer) == (HITS_A_PAGE, "")


def test_the_link_to_the_next_page_keeps_the_filters(archive: Path, client: Client) -> None:
    response = client.get("/messages/", {"room": "wine-room", "kind": "text", "newer": "x"})
    older = response.context["page"].older
    assert f'href="?room=wine-room&amp;kind=text&amp;older={older}"' in response.content.decode()


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "１２", "", "20180327-000000000000", "长" * 21])
def test_nonsense_as_a_cursor_is_harmless(cursor: str, archive: Path, client: Client) -> None:
    assert client.get("/messages/", {"older": cursor}).status_code == 200
    assert client.get("/messages/", {"newer": cursor}).status_code == 200


def test_a_room_filters(archive: Path, client: Client) -> None:
    assert set(texts(client, room="tea-room", until="2018-03-28", since="2018-03-28")) == {"第二天"}


def test_a_part_of_the_senders_name_filters(archive: Path, client: Client) -> None:
    assert texts(client, sender="云杉", since="2018-03-27", until="2018-03-27")[1:] == ["早上好[强]"]


def test_letters_of_a_senders_name_match_in_either_case(archive: Path, client: Client) -> None:
    assert texts(client, sender="汤圆", kind="file") == ["对账.xlsx"]


@pytest.mark.parametrize(("kind", "count"), [("text", 129), ("image", 1), ("link", 2), ("file", 1), ("unsupported", 1)])
def test_a_kind_filters(kind: str, count: int, archive: Path, client: Client) -> None:
    assert len(walk(client, "older", {"kind": kind})) == count


def test_both_ends_of_a_range_of_dates_are_included(archive: Path, client: Client) -> None:
    assert len(walk(client, "older", {"since": "2018-03-27", "until": "2018-03-28"})) == 13


@pytest.mark.parametrize(
    "parameters",
    [{"since": "morgen"}, {"kind": "song"}, {"room": "nowhere"}, {"sender": "长" * 101}, {"until": "2018-02-30"}],
)
def test_a_wrong_filter_is_told_and_shows_nothing(parameters: dict[str, str], archive: Path, client: Client) -> None:
    response = client.get("/messages/", parameters)
    assert response.status_code == 400
    assert not response.context["page"].messages


@pytest.mark.parametrize("sender", ["%", "_", "\\", "'", '"', "%_\\"])
def test_a_pattern_character_in_a_name_means_itself(sender: str, archive: Path, client: Client) -> None:
    expected = Message.objects.visible().filter(alias__name__contains=sender).count() if sender == "_" else 0
    assert len(walk(client, "older", {"sender": sender})) == expected


def test_a_permanent_address_leads_into_the_day(archive: Path, client: Client) -> None:
    message = Message.objects.get(text="第二天")
    response = client.get(f"/m/{message.key}/")
    assert response.headers["Location"] == f"/rooms/tea-room/2018/03/28/#m-{message.key}"


def test_a_hidden_message_is_gone(hidden: Message, client: Client) -> None:
    response = client.get(f"/m/{hidden.key}/")
    assert response.status_code == 410
    assert hidden.text not in response.content.decode()


def test_a_withdrawn_message_is_gone(archive: Path, client: Client) -> None:
    message = Message.objects.get(text="第二天")
    Message.objects.filter(pk=message.pk).update(is_withdrawn=True)
    assert client.get(f"/m/{message.key}/").status_code == 410


def test_a_message_that_was_never_public_is_not_found(archive: Path, client: Client) -> None:
    message = Message.objects.get(text="第二天")
    Message.objects.filter(pk=message.pk).update(state=Message.State.HELD)
    assert client.get(f"/m/{message.key}/").status_code == 404


def test_an_unknown_key_is_not_found(archive: Path, client: Client) -> None:
    assert client.get("/m/20180327-000000000000/").status_code == 404


def test_a_folded_doubles_address_leads_to_the_message_shown(archive: Path, client: Client) -> None:
    shown, folded = Message.objects.filter(room__slug="wine-room", text__startswith="第").order_by("position")[:2]
    Message.objects.filter(pk=folded.pk).update(duplicate_of=shown)
    assert client.get(f"/m/{folded.key}/").headers["Location"].endswith(f"#m-{shown.key}")


def test_a_hidden_message_is_in_no_list(hidden: Message, client: Client) -> None:
    assert hidden.text not in texts(client, since="2018-03-28", until="2018-03-28")
