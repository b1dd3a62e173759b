from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chatlogs.db.timeouts import TimeLimitExceeded
from chatlogs.models import Archive, Member, Message
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.web.filters import MessageFilter
from tests.small_archive import LU, TANG, ZHOU

MESSAGES, SEARCH = "/api/v1/messages/", "/api/v1/search/"
LISTS = [MESSAGES, SEARCH]

VALUES = {
    # An attribute's first example is `operator:value`.
    **{name: attribute.examples[0].partition(":")[2] for name, attribute in ATTRIBUTES.items()},
    "q": "对账 from:周可",
    "room": "tea-room",
    "sender": "周可",
    "mentions": "老陆",
    "kind": "text",
    "has": "link",
    "since": "2018-03-27",
    "until": "2018-03-27",
    "sort": "oldest",
}


def ask(client: Client, path: str = MESSAGES, **parameters: str) -> Any:
    response = client.get(path, parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def find(client: Client, text: str) -> dict[str, Any]:
    message: dict[str, Any] = client.get(f"{MESSAGES}{Message.objects.get(text=text).key}/").json()
    return message


def walk(client: Client, address: str, side: str) -> list[str]:
    """The keys of all pages from this one on."""
    keys: list[str] = []
    while address:
        page = client.get(address).json()
        keys += [message["key"] for message in page["results"]]
        address = page[side]
    return keys


def stored_keys(order: str = "-position", **conditions: object) -> list[str]:
    return list(Message.objects.visible().filter(**conditions).order_by(order).values_list("key", flat=True))


def test_a_message_has_all_that_a_page_shows_of_it(archive: Path, client: Client) -> None:
    message = Message.objects.get(text="第二天")
    member = Member.objects.get(aliases__name=LU, aliases__room__slug="tea-room")
    assert find(client, "第二天") == {
        "key": message.key,
        "url": f"http://testserver/m/{message.key}/",
        "room": "tea-room",
        "date": "2018-03-28",
        "time": "08:00:00",
        "sent_at": "2018-03-28T00:00:00Z",
        "sender": {"name": LU, "member": member.key},
        "kind": "text",
        "text": "第二天",
        "link": None,
        "image": None,
    }


def test_a_messages_permanent_address_leads_to_it(archive: Path, client: Client) -> None:
    assert client.get(find(client, "第二天")["url"]).status_code == 302


def test_a_message_of_nobody_has_no_sender(archive: Path, client: Client) -> None:
    assert find(client, "无名氏的话")["sender"] is None


def test_an_unknown_member_has_no_name(archive: Path, client: Client) -> None:
    sender = find(client, "来自无名账号")["sender"]
    assert sender["name"] is None
    assert client.get(f"/api/v1/members/{sender['member']}/").json()["name"] is None


def test_a_link_has_its_address(archive: Path, client: Client) -> None:
    assert find(client, "一篇文章")["link"] == "https://read.example.com/x"


def test_a_picture_has_its_address(archive: Path, client: Client) -> None:
    assert ask(client, kind="image")["results"][0]["image"] == "http://img.example.org/1.png"


def test_chinese_is_not_escaped(archive: Path, client: Client) -> None:
    assert "新年好" in client.get(MESSAGES).content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_pages_visit_each_message_once(path: str, archive: Path, client: Client) -> None:
    assert walk(client, f"{path}?page_size=7", "next") == stored_keys()


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_the_oldest_first_visit_each_message_once(path: str, archive: Path, client: Client) -> None:
    assert walk(client, f"{path}?page_size=7&sort=oldest&room=wine-room", "next") == stored_keys(
        "position", room__slug="wine-room"
    )


@pytest.mark.parametrize("sort", ["", "&sort=oldest"])
def test_the_previous_of_the_next_page_is_the_page_itself(sort: str, archive: Path, client: Client) -> None:
    page = client.get(f"{MESSAGES}?page_size=7{sort}").json()
    assert client.get(client.get(page["next"]).json()["previous"]).json()["results"] == page["results"]


def test_the_first_page_has_none_before_and_the_last_none_after(archive: Path, client: Client) -> None:
    page = ask(client, room="tea-room")
    assert (page["next"], page["previous"]) == (None, None)


def test_the_next_page_begins_where_a_message_was_hidden(archive: Path, client: Client) -> None:
    page = ask(client, page_size="7")
    Message.objects.filter(key=page["results"][-1]["key"]).update(state=Message.State.HIDDEN)
    assert client.get(page["next"]).json()["results"][0]["key"] == stored_keys()[6]


def test_a_page_is_as_large_as_asked_for(archive: Path, client: Client) -> None:
    assert len(ask(client, page_size="100")["results"]) == 100
    assert len(ask(client)["results"]) == 50


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", VALUES)
def test_it_finds_what_the_page_finds(name: str, path: str, archive: Path, client: Client) -> None:
    page = client.get("/messages/", {name: VALUES[name]}).context["page"]
    found = ask(client, path, **{name: VALUES[name]}, page_size=str(len(page.messages) or 1))
    assert [message["key"] for message in found["results"]] == [message.key for message in page.messages]


def test_a_members_messages_are_found_by_the_key(archive: Path, client: Client) -> None:
    member = Member.objects.get(aliases__name=ZHOU)
    assert len(ask(client, member=member.key)["results"]) == 2


def test_each_filter_of_the_page_is_tried_here() -> None:
    assert {*VALUES, "member"} == MessageFilter.base_filters.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "song"),
        ("room", "nowhere"),
        ("room", "\0"),
        ("since", "2018-02-30"),
        ("member", "nobody"),
        ("q", "长" * 101),
        ("q", "a b c d e f g h i j k"),
        ("page_size", "0"),
        ("page_size", "101"),
        ("page_size", "many"),
        ("older", "x"),
        ("older", "\0"),
        ("newer", "20180327-000000000000"),
        ("sendr", TANG),
        ("facets", "1"),
    ],
)
def test_what_is_wrong_is_told_by_parameter(name: str, value: str, archive: Path, client: Client) -> None:
    response = client.get(MESSAGES, {name: value, "sort": "oldest"})
    assert response.status_code == 400
    assert list(response.json()) == [name]


@pytest.mark.parametrize(("name", "value"), [("kind", "song"), ("page_size", "0"), ("facets", "x"), ("counts", "1")])
def test_what_is_wrong_with_a_search_is_told_by_parameter(name: str, value: str, archive: Path, client: Client) -> None:
    response = client.get(SEARCH, {name: value})
    assert response.status_code == 400
    assert list(response.json()) == [name]


@pytest.mark.parametrize("path", LISTS)
def test_what_takes_too_long_is_told(path: str, archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise TimeLimitExceeded

    monkeypatch.setattr("chatlogs.queries.search.Search.page", never)
    response = client.get(path, {"q": "对账"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "too long" in response.json()["detail"]


def test_a_search_counts(archive: Path, client: Client) -> None:
    found = ask(client, SEARCH, q="第", page_size="7")
    assert (found["count"], found["is_capped"], len(found["results"])) == (121, False, 7)


def test_a_search_for_nothing_counts_all(archive: Path, client: Client) -> None:
    assert ask(client, SEARCH)["count"] == len(stored_keys())


def test_more_than_is_counted_is_told(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.api.messages.MOST_COUNTED", 100)
    found = ask(client, SEARCH, q="第")
    assert (found["count"], found["is_capped"]) == (100, True)


def test_a_search_tells_whether_the_index_is_complete(archive: Path, client: Client) -> None:
    assert ask(client, SEARCH)["is_index_complete"] is True
    Archive.objects.update(index_version=0)
    assert ask(client, SEARCH)["is_index_complete"] is False


def test_a_search_counts_by_facet_when_asked(archive: Path, client: Client) -> None:
    facets = ask(client, SEARCH, q="第", facets="1")["facets"]
    tang = Member.objects.get(aliases__name=TANG, aliases__room__slug="wine-room")
    assert facets["rooms"] == [{"room": "wine-room", "count": 120}, {"room": "tea-room", "count": 1}]
    assert facets["kinds"] == [{"kind": "text", "count": 121}]
    assert facets["members"][0] == {"member": tang.key, "name": TANG, "count": 120}
    assert facets["years"] == [
        {
            "year": 2018,
            "count": 121,
            "months": [{"month": "2018-07-01", "count": 120}, {"month": "2018-03-01", "count": 1}],
        }
    ]


def test_a_search_for_nothing_counts_all_by_facet(archive: Path, client: Client) -> None:
    facets = ask(client, SEARCH, facets="1")["facets"]
    assert sum(kind["count"] for kind in facets["kinds"]) == len(stored_keys())


def test_a_search_counts_by_facet_only_when_asked(archive: Path, client: Client) -> None:
    assert ask(client, SEARCH, q="第")["facets"] is None


def test_facets_that_take_too_long_are_left_out(archive: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise TimeLimitExceeded

    monkeypatch.setattr("chatlogs.api.messages.get_facets", never)
    found = ask(client, SEARCH, q="第", facets="1")
    assert (found["facets"], found["count"]) == (None, 121)


@pytest.mark.parametrize("path", LISTS)
def test_a_hidden_message_is_in_no_list(path: str, hidden: Message, client: Client) -> None:
    keys = walk(client, path, "next")
    assert hidden.key not in keys
    assert len(keys) == len(stored_keys())


def test_a_hidden_message_is_gone(hidden: Message, client: Client) -> None:
    response = client.get(f"{MESSAGES}{hidden.key}/")
    assert response.status_code == 410
    assert hidden.text not in response.content.decode()


def test_a_message_that_was_never_public_is_not_found(hidden: Message, client: Client) -> None:
    Message.objects.filter(pk=hidden.pk).update(state=Message.State.HELD)
    assert client.get(f"{MESSAGES}{hidden.key}/").status_code == 404


def test_an_unknown_key_is_not_found(archive: Path, client: Client) -> None:
    assert client.get(f"{MESSAGES}20180327-000000000000/").status_code == 404


def test_a_folded_doubles_key_gives_the_message_shown(archive: Path, client: Client) -> None:
    shown, folded = Message.objects.filter(room__slug="wine-room", text__startswith="第").order_by("position")[:2]
    Message.objects.filter(pk=folded.pk).update(duplicate_of=shown)
    assert client.get(f"{MESSAGES}{folded.key}/").json()["key"] == shown.key


def test_times_are_the_rooms_own(archive: Path, client: Client) -> None:
    message = find(client, "第二天")
    local = dt.datetime.fromisoformat(f"{message['date']}T{message['time']}+08:00")
    assert local == dt.datetime.fromisoformat(message["sent_at"])
