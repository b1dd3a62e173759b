"""Highlights in the admin: writing, preview and publishing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from chatlogs import moderation
from chatlogs.models import Highlight, Message, ModerationAction, Room
from tests.admin.moderating import (
    address,
    choose,
    confirm,
    last_action,
    levels,
    listed,
    page_of,
    press,
    said,
    sign_in,
    sign_in_as,
)
from tests.editorial.writing import message, part, publish, write
from tests.moderation.deciding import why
from tests.readers import make_private, turn

Fields = dict[str, Any]


@pytest.fixture
def curator(client: Client, archive: Path) -> Client:
    sign_in_as(client, "curator")
    return client


def filled(*parts: tuple[str, str] | str, initial: int = 0, **fields: str) -> Fields:
    """Return the form's fields; parts are given by what they quote and a comment."""
    data: Fields = {"title": "早上", "notes": "好", "tag_names": "茶，酒", **fields}
    data |= {"parts-TOTAL_FORMS": len(parts), "parts-INITIAL_FORMS": initial}
    for number, one in enumerate(parts):
        quoted, comment = (one, "") if isinstance(one, str) else one
        data |= {f"parts-{number}-quoted": quoted, f"parts-{number}-comment": comment}
    return data


def stored(highlight: Highlight, **fields: Any) -> Fields:
    """Return the form data of a highlight's page with these changes."""
    parts = list(highlight.parts.order_by("order"))
    ends = [" ".join(dict.fromkeys((one.first.key, one.last.key))) for one in parts]  # type: ignore[union-attr]
    data = filled(*ends, initial=len(parts), title=highlight.title, notes=highlight.notes, tag_names="")
    for number, one in enumerate(parts):
        data |= {f"parts-{number}-id": one.pk, f"parts-{number}-highlight": highlight.pk}
        data |= {f"parts-{number}-place": number + 1, f"parts-{number}-comment": one.comment}
    return data | fields


def add(client: Client, *parts: tuple[str, str] | str, **fields: Any) -> Any:
    return client.post(address(Highlight, "add"), filled(*parts, **fields))


def change(client: Client, highlight: Highlight, data: Fields) -> Any:
    return client.post(address(Highlight, "change", highlight.pk), data)


def quoted(highlight: Highlight) -> list[tuple[str, str]]:
    return list(highlight.parts.order_by("order").values_list("first__text", "last__text"))


def errors(response: Any) -> str:
    """Return the errors of the form that is shown again."""
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_is_written(curator: Client) -> None:
    key = message("第二天").key
    response = add(curator, (key, "看"), slug="清晨")
    highlight = Highlight.objects.get()
    assert response.headers["Location"] == address(Highlight, "change", highlight.pk)
    assert (highlight.title, highlight.slug, highlight.notes, highlight.is_published) == ("早上", "清晨", "好", False)
    assert sorted(tag.name for tag in highlight.tags.all()) == ["茶", "酒"]
    assert (quoted(highlight), highlight.parts.get().comment) == ([("第二天", "第二天")], "看")
    assert str(highlight.made_by) == last_action().actor_name


@pytest.mark.parametrize(
    "typed",
    [
        "{first} {last}",
        "https://talks.example.org/m/{first}/\nhttps://talks.example.org/m/{last}/",
        "/rooms/tea-room/2018/03/27/?from={first}&to={last}",
        "/rooms/tea-room/2018/03/27/#m-{first}, /rooms/tea-room/2018/03/27/#m-{last}",
    ],
)
def test_messages_are_quoted_by_key_address_or_range(curator: Client, typed: str) -> None:
    add(curator, typed.format(first=message("对账文件").key, last=message("无名氏").key))
    (ends,) = quoted(Highlight.objects.get())
    assert (ends[0][:5], ends[1]) == ("对账文件到", "无名氏的话")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "This field is required."),
        ("第二天", "Enter the address or key of one message"),
        ("/m/20180328-000000000000/", "There is no readable message with the key 20180328-000000000000."),
        ("{first} {last} {other}", "Enter the address or key of one message"),
        ("{first} {other}", "are from different days or rooms"),
        ("{hidden}", "There is no readable message with the key"),
    ],
)
def test_invalid_quotations_are_explained(curator: Client, typed: str, complaint: str) -> None:
    moderation.hide([message("新年好")], **why())
    names = {"first": "早上好[强]", "last": "无名氏", "other": "第二天", "hidden": "新年好"}
    keys = {name: Message.objects.filter(text__contains=text).earliest("pk").key for name, text in names.items()}
    assert complaint in errors(add(curator, typed.format(**keys)))
    assert not Highlight.objects.exists()


def test_a_curator_cannot_quote_from_a_closed_room(curator: Client) -> None:
    key = message("第二天").key
    make_private("tea-room")
    assert "There is no readable message" in errors(add(curator, key))


def test_parts_that_share_a_message_are_refused(curator: Client) -> None:
    first, last = message("对账文件").key, message("无名氏").key
    assert "Two parts must not quote the same message." in errors(add(curator, f"{first} {last}", last))


def test_a_part_is_needed(curator: Client) -> None:
    assert add(curator).status_code == 200
    assert not Highlight.objects.exists()


def test_a_tag_without_letters_is_refused(curator: Client) -> None:
    assert "A tag must contain letters or digits" in errors(add(curator, message("第二天").key, tag_names="茶, !"))


def test_an_address_that_is_taken_is_refused(curator: Client) -> None:
    write("一", part(message("第二天")), slug="清晨")
    assert "already exists" in errors(add(curator, message("第二天").key, slug="清晨"))


def test_a_range_is_proposed(curator: Client) -> None:
    first, last = message("对账文件").key, message("无名氏").key
    page = curator.get(address(Highlight, "add"), {"from": first, "to": last}).content.decode()
    assert f"{first} {last}</textarea>" in page
    response = curator.post(address(Highlight, "add"), filled(f"{first} {last}"), query_params={"from": first})
    assert (response.status_code, len(quoted(Highlight.objects.get()))) == (302, 1)


@pytest.mark.parametrize("query", [{}, {"from": ""}, {"from": "<script>", "to": "x" * 5000}])
def test_any_range_is_answered(curator: Client, query: dict[str, str]) -> None:
    response = curator.get(address(Highlight, "add"), query)
    assert response.status_code == 200
    assert "<script>x" not in response.content.decode()


def test_parts_are_put_in_order_added_and_taken_out(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")), part(message("无名氏")), part(message("新年好")))
    data = stored(highlight, **{"parts-0-place": 3, "parts-1-DELETE": "on", "parts-2-place": 1})
    data |= {"parts-TOTAL_FORMS": 4, "parts-3-quoted": message("对账文件").key, "parts-3-highlight": highlight.pk}
    assert change(curator, highlight, data).status_code == 302
    assert [first[:4] for first, _ in quoted(highlight)] == ["新年好", "第二天", "对账文件"]


def test_the_address_stays(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")), slug="清晨")
    change(curator, highlight, stored(highlight, slug="晚上", title="晚上"))
    assert Highlight.objects.values_list("slug", "title").get() == ("清晨", "晚上")


def test_what_was_hidden_since_stays_quoted(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")), part(message("无名氏")))
    moderation.hide([message("第二天")], **why())
    page = page_of(curator, highlight)
    assert message("第二天").key in page
    assert "第二天" not in page
    assert change(curator, highlight, stored(highlight, title="晚上")).status_code == 302
    assert [first for first, _ in quoted(highlight)] == ["第二天", "无名氏的话"]


def test_what_is_quoted_is_seen_before_it_is_published(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")), part(message("新年好")))
    moderation.hide([message("新年好")], **why())
    page = page_of(curator, highlight)
    assert "08:00 老陆_青禾银行: 第二天" in page
    assert "新年好" not in page
    assert highlight.get_absolute_url() not in page


def test_a_part_with_missing_messages_can_be_kept_and_changed(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")))
    key = "20180101-000000000000"
    highlight.parts.update(first=None, last=None, awaited={end: {"key": key} for end in ("first", "last")})
    assert key in page_of(curator, highlight)
    of_part = highlight.parts.get()
    data = filled(key, initial=1) | {"parts-0-id": of_part.pk, "parts-0-highlight": highlight.pk, "parts-0-place": 1}
    assert change(curator, highlight, data).status_code == 302
    assert highlight.parts.get().awaited["first"]["key"] == key
    data |= {"parts-0-id": highlight.parts.get().pk, "parts-0-quoted": message("第二天").key}
    assert change(curator, highlight, data).status_code == 302
    assert (highlight.parts.get().awaited, quoted(highlight)) == ({}, [("第二天", "第二天")])


def test_it_is_published_and_retracted(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")))
    assert "Publish 1 highlight?" in choose(curator, "publish", highlight).content.decode()
    confirm(curator, "publish", highlight)
    assert Highlight.objects.get().is_published
    assert highlight.get_absolute_url() in page_of(curator, highlight)
    confirm(curator, "retract", highlight)
    assert not Highlight.objects.get().is_published
    assert (last_action().kind, last_action().category) == ("retract", "personal")


def test_it_is_published_from_its_page(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")))
    press(curator, "publish", highlight, confirmed="yes")
    answer = press(curator, "publish", highlight, confirmed="yes")
    assert said(answer)[-1] == ("error", "This highlight is already published.")


def test_publishing_is_undone_with_the_permission_to_publish(curator: Client) -> None:
    publish("早上", part(message("第二天")))
    confirm(curator, "undo", last_action())
    assert not Highlight.objects.get().is_published


def test_it_takes_a_right_to_undo_publishing(client: Client, archive: Path) -> None:
    publish("早上", part(message("第二天")))
    sign_in(client, "undo_moderationaction", "view_moderationaction")
    assert levels(confirm(client, "undo", last_action())) == ["error"]
    assert Highlight.objects.get().is_published


def test_the_log_records_a_highlight_without_its_text(curator: Client) -> None:
    add(curator, message("第二天").key, slug="qingchen")
    confirm(curator, "publish", Highlight.objects.get())
    written, published = ModerationAction.objects.order_by("pk")
    assert "written, with 1 part" in page_of(curator, written)
    assert "Written by a curator. The log does not store the text." in page_of(curator, written)
    assert "qingchen</a>: published" in page_of(curator, published)
    assert not [entry for entry in LogEntry.objects.all() if "早上" in f"{entry.object_repr}{entry.change_message}"]


def test_viewers_see_no_form_fields(client: Client, archive: Path) -> None:
    highlight = write("早上", part(message("第二天")), tags=("茶",))
    sign_in(client, "view_highlight")
    page = page_of(client, highlight)
    assert "早上" in page
    assert 'name="title"' not in page
    assert change(client, highlight, stored(highlight, title="晚上")).status_code == 403


def test_it_is_found_by_its_title_or_tag(curator: Client) -> None:
    highlight = write("早上", part(message("第二天")), tags=("茶",))
    for word, is_found in (("早", True), ("茶", True), ("酒", False)):
        assert (f"/{highlight.pk}/change/" in listed(curator, Highlight, q=word)) == is_found


def test_a_moderator_of_an_unlisted_room_sees_the_quotation(client: Client, archive: Path) -> None:
    sign_in_as(client, "moderator")
    highlight = write("早上", part(message("第二天")))
    turn("tea-room", Room.Visibility.UNLISTED)
    assert "老陆_青禾银行: 第二天" in page_of(client, highlight)
