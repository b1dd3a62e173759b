"""Rooms that not everybody may enter, or that are in no list: who finds what of them, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.http import StreamingHttpResponse
from django.test import Client

from chatlogs.models import Member, Message, Room
from chatlogs.models.audience import Audience, current_audience
from chatlogs.people import merging
from tests.markup import elements_of
from tests.readers import make_private, turn
from tests.small_archive import LU, TANG, ZHOU
from tests.transcripts.making import message, write_transcript
from tests.worlds import import_once

Visibility = Room.Visibility
CLOSED = [Visibility.PRIVATE, Visibility.HIDDEN]
OUT_OF_LISTS = [*CLOSED, Visibility.UNLISTED]

# What the tea room has and no other room.
TEXT, RARE = "第二天", "新年好"
OF_TEA_ROOM = ("tea-room", TEXT, RARE, "周可", "云杉")

LISTS = [
    "/",
    "/messages/",
    "/messages/?q=第",
    "/messages/?sender=陆",
    "/messages/?since=2018-03-28&until=2018-03-28",
    "/members/",
    "/members/?sort=name",
    "/stats/",
    "/coverage/",
    "/coverage.json",
    "/rooms/wine-room/",
    "/rooms/wine-room/2018/03/27/",
    "/messages/export.csv",
    "/messages/export.jsonl?q=第",
    "/api/v1/rooms/",
    "/api/v1/days/",
    "/api/v1/messages/",
    "/api/v1/members/",
    "/api/v1/search/?q=a&facets=1",
    "/robots.txt",
]


def addresses_within() -> list[str]:
    key = Message.objects.get(text=TEXT).key
    return [
        "/rooms/tea-room/",
        "/rooms/tea-room/?date=2018-03-27",
        "/rooms/tea-room/2018/",
        "/rooms/tea-room/2018/03/",
        "/rooms/tea-room/2018/03/27/",
        "/rooms/tea-room/2018/03/29/",
        "/rooms/tea-room/2016/01/01/",
        "/rooms/tea-room/2016/",
        f"/m/{key}/",
        "/api/v1/rooms/tea-room/",
        f"/api/v1/messages/{key}/",
    ]


def owner_of(name: str, room: str) -> Member:
    return Member.objects.get(aliases__name=name, aliases__room__slug=room)


def body_of(client: Client, path: str) -> str:
    response = client.get(path)
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue().decode()
    return response.content.decode()


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """A browser of a user with these rights."""

    def sign_in(group: Group | None = None, permission: str = "", *, is_superuser: bool = False) -> Client:
        user = User.objects.create_user(f"user{User.objects.count()}", None, None, is_superuser=is_superuser)
        if group:
            user.groups.add(group)
        if permission:
            user.user_permissions.add(Permission.objects.get(codename=permission))
        client = Client()
        client.force_login(user)
        return client

    return sign_in


# Closed rooms


@pytest.mark.parametrize("visibility", CLOSED)
def test_nothing_within_a_closed_room_is_found(visibility: Visibility, archive: Path, client: Client) -> None:
    turn("tea-room", visibility)
    assert {path: client.get(path).status_code for path in addresses_within()} == dict.fromkeys(addresses_within(), 404)


@pytest.mark.parametrize("visibility", CLOSED)
@pytest.mark.parametrize("state", Message.State.values)
def test_a_removed_message_of_a_closed_room_never_was(
    visibility: Visibility, state: str, archive: Path, client: Client
) -> None:
    turn("tea-room", visibility)
    Message.objects.filter(text=TEXT).update(state=state, is_withdrawn=True)
    key = Message.objects.get(text=TEXT).key
    answers = [client.get(path) for path in (f"/m/{key}/", f"/api/v1/messages/{key}/")]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("visibility", CLOSED)
def test_a_closed_room_is_answered_like_one_that_never_was(
    visibility: Visibility, archive: Path, client: Client
) -> None:
    turn("tea-room", visibility)
    pages = [body_of(client, f"/rooms/{slug}/").replace(slug, "") for slug in ("tea-room", "no-such-room")]
    assert pages[0] == pages[1]


def test_who_belongs_to_its_group_may_read_a_private_room(archive: Path, signed_in: Callable[..., Client]) -> None:
    reader = signed_in(make_private("tea-room"))
    assert not {404, 403} & {reader.get(path).status_code for path in addresses_within() if "2016" not in path}
    assert RARE in body_of(reader, "/messages/")
    assert "/rooms/tea-room/" in body_of(reader, "/")
    assert ZHOU in body_of(reader, "/members/")


def test_who_belongs_to_another_group_may_not(archive: Path, signed_in: Callable[..., Client]) -> None:
    make_private("tea-room")
    stranger = signed_in(Group.objects.create(name="others"))
    assert {stranger.get(path).status_code for path in addresses_within()} == {404}


def test_a_private_room_without_a_group_is_nobodys(archive: Path, signed_in: Callable[..., Client]) -> None:
    turn("tea-room", Visibility.PRIVATE)
    assert {signed_in().get(path).status_code for path in addresses_within()} == {404}


@pytest.mark.parametrize("rights", [{"is_superuser": True}, {"permission": "hide_message"}])
def test_moderators_enter_all_private_rooms(
    rights: dict[str, object], archive: Path, signed_in: Callable[..., Client]
) -> None:
    make_private("tea-room")
    assert signed_in(**rights).get("/rooms/tea-room/").status_code == 200


@pytest.mark.parametrize("rights", [{"is_superuser": True}, {"permission": "hide_message"}])
def test_a_hidden_room_is_open_to_nobody(
    rights: dict[str, object], archive: Path, signed_in: Callable[..., Client]
) -> None:
    turn("tea-room", Visibility.HIDDEN)
    assert signed_in(**rights).get("/rooms/tea-room/").status_code == 404


def test_whoever_was_deactivated_is_nobody_in_particular(archive: Path, signed_in: Callable[..., Client]) -> None:
    reader = signed_in(make_private("tea-room"))
    User.objects.update(is_active=False)
    assert reader.get("/rooms/tea-room/").status_code == 404


def test_whoever_leaves_the_group_may_not_enter_any_more(archive: Path, signed_in: Callable[..., Client]) -> None:
    group = make_private("tea-room")
    reader = signed_in(group)
    group.user_set.clear()
    assert reader.get("/rooms/tea-room/").status_code == 404


# Lists


def find_in_lists(client: Client, *words: str) -> dict[str, list[str]]:
    """By list, those of the words that are in it."""
    pages = {path: body_of(client, path) for path in LISTS}
    found = {path: [word for word in words if word in page] for path, page in pages.items()}
    return {path: words_there for path, words_there in found.items() if words_there}


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_no_list_has_anything_of_it(visibility: Visibility, archive: Path, client: Client) -> None:
    turn("tea-room", visibility)
    assert find_in_lists(client, *OF_TEA_ROOM) == {}


def test_lists_had_it_before(archive: Path, client: Client) -> None:
    """So that the test above looks where there is something to find."""
    assert {*LISTS} - {*find_in_lists(client, *OF_TEA_ROOM)} <= {"/rooms/wine-room/", "/robots.txt"}


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_counts_are_of_the_other_rooms(visibility: Visibility, archive: Path, client: Client) -> None:
    turn("tea-room", visibility)
    totals = client.get("/").context["totals"]
    assert (totals["messages"], totals["days"], totals["members"]) == (121, 2, 2)
    found = client.get("/api/v1/search/?facets=1").json()
    assert found["count"] == 121
    assert [one["room"] for one in found["facets"]["rooms"]] == ["wine-room"]
    assert sum(one["count"] for one in found["facets"]["members"]) == 121


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_what_was_counted_for_some_is_not_told_others(
    visibility: Visibility, archive: Path, client: Client, signed_in: Callable[..., Client]
) -> None:
    before = client.get("/api/v1/search/?q=第&facets=1").json()
    turn("tea-room", visibility)
    after = client.get("/api/v1/search/?q=第&facets=1").json()
    assert (before["count"], after["count"]) == (121, 120)
    assert {one["room"] for one in after["facets"]["rooms"]} == {"wine-room"}


def test_readers_of_one_room_are_told_their_own_counts(
    archive: Path, client: Client, signed_in: Callable[..., Client]
) -> None:
    reader = signed_in(make_private("tea-room"))
    for _ in range(2):
        assert [who.get("/api/v1/search/?q=第").json()["count"] for who in (reader, client)] == [121, 120]


@pytest.mark.parametrize("visibility", CLOSED)
@pytest.mark.parametrize("path", ["/messages/?room=tea-room", "/members/?room=tea-room", "/api/v1/days/?room=tea-room"])
def test_a_closed_room_is_no_value_of_a_filter(
    path: str, visibility: Visibility, archive: Path, client: Client
) -> None:
    turn("tea-room", visibility)
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("visibility", CLOSED)
def test_the_operator_takes_a_closed_rooms_name_for_words(
    visibility: Visibility, archive: Path, client: Client
) -> None:
    turn("tea-room", visibility)
    pages = [client.get("/messages/", {"q": f"room:{slug}"}) for slug in ("tea-room", "no-such")]
    assert [page.context["filters"].misread for page in pages] == [["room:tea-room"], ["room:no-such"]]


@pytest.mark.parametrize("visibility", CLOSED)
@pytest.mark.parametrize("side", ["older", "newer"])
def test_a_page_does_not_begin_beside_a_message_of_a_closed_room(
    side: str, visibility: Visibility, archive: Path, client: Client
) -> None:
    turn("tea-room", visibility)
    key = Message.objects.get(text=TEXT).key
    there, nowhere = ({side: one} for one in (key, "20180327-000000000000"))
    pages = [client.get("/messages/", place).context["page"].messages for place in (there, nowhere)]
    assert pages[0] == pages[1]
    assert [client.get("/api/v1/messages/", place).status_code for place in (there, nowhere)] == [400, 400]


# Members


@pytest.fixture
def everywhere(archive: Path) -> Member:
    """Somebody who speaks in both rooms, and is called so as in the tea room."""
    other, member = owner_of(LU, "wine-room"), owner_of(ZHOU, "tea-room")
    merging.merge(other, member, by=None, reason="同一人")
    merging.merge(owner_of(LU, "tea-room"), member, by=None, reason="同一人")
    Member.objects.filter(pk=member.pk).update(name=ZHOU, sort_name="zhou")
    member.refresh_from_db()
    return member


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_a_member_is_told_of_by_the_other_rooms(visibility: Visibility, everywhere: Member, client: Client) -> None:
    turn("tea-room", visibility)
    page = client.get(everywhere.get_absolute_url())
    shown = page.context["member"]
    figures = (shown.message_count, str(shown.first_seen), str(shown.last_seen))
    assert figures == (1, "2018-03-27", "2018-03-27")
    assert (shown.known_company, shown.known_role, shown.known_city) == ("青禾银行", "", "")
    assert [name.room.slug for name in page.context["names"]] == ["wine-room"]
    assert not [word for word in OF_TEA_ROOM if word in page.content.decode()]


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_no_list_calls_a_member_by_a_name_of_it(visibility: Visibility, everywhere: Member, client: Client) -> None:
    turn("tea-room", visibility)
    assert find_in_lists(client, "周可") == {}


def test_a_name_that_moderators_gave_stays(everywhere: Member, client: Client) -> None:
    turn("tea-room", Visibility.PRIVATE)
    Member.objects.filter(pk=everywhere.pk).update(name="周老师", is_name_curated=True)
    assert "周老师" in body_of(client, everywhere.get_absolute_url())


def test_the_api_calls_a_member_as_the_page_does(everywhere: Member, client: Client) -> None:
    turn("tea-room", Visibility.PRIVATE)
    assert client.get(f"/api/v1/members/{everywhere.key}/").json()["name"] == LU


def test_names_are_sorted_as_they_are_shown(everywhere: Member, client: Client) -> None:
    turn("tea-room", Visibility.PRIVATE)
    members = client.get("/members/?sort=name").context["page"]
    assert [member.called for member in members] == [TANG, LU]


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_who_speaks_in_no_listed_room_has_no_page(visibility: Visibility, archive: Path, client: Client) -> None:
    turn("tea-room", visibility)
    member = owner_of(TANG, "tea-room")
    assert client.get(member.get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/members/{member.key}/").status_code == 404
    assert client.get("/messages/", {"member": member.key}).status_code == 400


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_the_address_of_a_member_leads_to_no_name_of_it(visibility: Visibility, archive: Path, client: Client) -> None:
    gone, member = owner_of(ZHOU, "tea-room"), owner_of(LU, "wine-room")
    merging.merge(gone, member, by=None, reason="同一人")
    assert client.get(gone.get_absolute_url()).status_code == 301
    turn("tea-room", visibility)
    assert client.get(gone.get_absolute_url()).status_code == 404


# Mentions


@pytest.fixture
def mentioned(archive: Path) -> None:
    """In both rooms, somebody of the tea room."""
    for room in ("tea-room", "wine-room"):
        write_transcript(archive, room, "2020-05-01", message("08:00:00", TANG, f"@{ZHOU} 在吗"))
    import_once(archive)


def links_to_members(client: Client, path: str) -> list[str]:
    hrefs = [one.get("href", "") for name, one in elements_of(body_of(client, path)) if name == "a"]
    return [href for href in hrefs if re.match("/members/.", href)]


@pytest.mark.parametrize("visibility", OUT_OF_LISTS)
def test_a_mention_leads_to_nobody_of_it(visibility: Visibility, mentioned: None, client: Client) -> None:
    day = "/rooms/wine-room/2020/05/01/"
    member = owner_of(ZHOU, "tea-room").get_absolute_url()
    assert member in links_to_members(client, day)
    turn("tea-room", visibility)
    assert member not in links_to_members(client, day)


# Unlisted rooms


def test_an_unlisted_room_opens_by_its_address(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    statuses = {client.get(path).status_code for path in addresses_within() if "2016" not in path}
    assert statuses == {200, 302}


def test_search_engines_neither_index_an_unlisted_room_nor_follow_it(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    Message.objects.filter(text=RARE).update(state=Message.State.HIDDEN)
    gone = Message.objects.get(text=RARE).key
    headers = {path: client.get(path).headers["X-Robots-Tag"] for path in [*addresses_within(), f"/m/{gone}/"]}
    assert headers == dict.fromkeys(headers, "noindex, nofollow")


def test_names_in_an_unlisted_room_lead_to_no_member(mentioned: None, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    days = ["/rooms/tea-room/2018/03/27/", "/rooms/tea-room/2020/05/01/", "/messages/?room=tea-room"]
    assert [links_to_members(client, path) for path in days] == [[], [], []]
    senders = [one["sender"] for one in client.get("/api/v1/messages/?room=tea-room").json()["results"]]
    assert {sender["member"] for sender in senders if sender} == {None}


@pytest.mark.parametrize("query", ["room=tea-room&q=第", "q=room:tea-room+第"])
def test_an_unlisted_room_can_be_searched_by_who_knows_its_slug(query: str, archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    response = client.get(f"/messages/?{query}")
    assert [one.text for one in response.context["page"].messages] == [TEXT]
    assert response.context["count"] == 1
    facets = response.context["facets"]
    assert [(room.slug, count) for room, count in facets.rooms] == [("tea-room", 1)]
    assert facets.members == []


def test_the_form_keeps_the_unlisted_room(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    assert 'value="tea-room" selected' in body_of(client, "/messages/?room=tea-room")
    assert "tea-room" not in body_of(client, "/messages/?room=wine-room")


def test_where_nothing_is_found_in_it_the_rest_is_counted_in_it(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    context = client.get("/messages/?room=tea-room&q=第&kind=image").context
    assert {chip.name: count for chip, count in context["without"]} == {"kind": 1, "": 1}
    assert context["searched"].messages == 13


def test_a_part_of_its_title_is_not_enough(archive: Path, client: Client) -> None:
    Room.objects.filter(slug="tea-room").update(title="茶室")
    turn("tea-room", Visibility.UNLISTED)
    assert client.get("/messages/", {"q": "room:茶"}).context["filters"].misread == ["room:茶"]


def test_a_member_is_not_found_in_an_unlisted_room(everywhere: Member, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    found = client.get("/messages/", {"room": "tea-room", "member": everywhere.key})
    assert found.context["page"].messages == []


def test_its_days_are_for_who_names_it(archive: Path, client: Client) -> None:
    turn("tea-room", Visibility.UNLISTED)
    days = client.get("/api/v1/days/?room=tea-room").json()["results"]
    assert {day["room"] for day in days} == {"tea-room"}


# Downloads are read when the view has long returned


def test_a_download_has_what_its_reader_may_read(archive: Path, signed_in: Callable[..., Client]) -> None:
    reader = signed_in(make_private("tea-room"))
    lines = [json.loads(line) for line in body_of(reader, "/messages/export.jsonl").splitlines()]
    assert len(lines) == 134
    assert TEXT in {line["text"] for line in lines}


def test_after_a_download_nobody_in_particular_reads(archive: Path, signed_in: Callable[..., Client]) -> None:
    body_of(signed_in(make_private("tea-room")), "/messages/export.jsonl")
    assert current_audience() == Audience()
    assert not Message.objects.visible().filter(text=TEXT).exists()


def test_after_a_page_nobody_in_particular_reads(archive: Path, signed_in: Callable[..., Client]) -> None:
    signed_in(make_private("tea-room")).get("/")
    assert not Message.objects.visible().filter(text=TEXT).exists()


def test_the_next_request_is_the_publics_though_a_download_is_half_read(
    archive: Path, client: Client, signed_in: Callable[..., Client]
) -> None:
    download = signed_in(make_private("tea-room")).get("/messages/export.jsonl")
    assert isinstance(download, StreamingHttpResponse)
    parts = iter(download)
    assert next(parts) == b""
    assert current_audience() != Audience()
    assert client.get("/rooms/tea-room/").status_code == 404
    assert TEXT not in body_of(client, "/messages/export.jsonl")


def test_a_download_that_failed_leaves_nothing_behind(
    archive: Path, client: Client, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = signed_in(make_private("tea-room"))
    reader.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("chatlogs.web.views.downloads.find_export", lambda *_, **__: 1 / 0)
        assert reader.get("/messages/export.jsonl").status_code == 500
    assert current_audience() == Audience()
