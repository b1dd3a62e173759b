"""The pages of highlights and tags, and what a day's page tells of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from chatlogs import editorial, moderation
from chatlogs.models import DayNote, Highlight, Room
from tests.editorial.writing import day, message, part, publish, write
from tests.markup import elements_of
from tests.moderation.deciding import why
from tests.readers import turn
from tests.small_archive import NEXT_DAY, SPRING

DAY = "/rooms/tea-room/2018/03/28/"


@pytest.fixture
def highlight(archive: Path) -> Highlight:
    first, last = message("早上好[强]"), message("无名氏")
    parts = part(first, last, "先看**这里**。"), part(message("第二天"))
    return publish("怎样对账", *parts, tags=("对账", "新手"), notes="## 为什么\n\n<script>alert(1)</script>")


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path, headers={"accept-language": "en"})
    assert response.status_code == status
    return str(response.content.decode())


def of(client: Client, highlight: Highlight) -> str:
    return page(client, highlight.get_absolute_url())


def test_it_shows_notes_comments_and_messages(highlight: Highlight, client: Client) -> None:
    shown = of(client, highlight)
    for words in ("<h2>为什么</h2>", "先看<strong>这里</strong>。", "早上好", "无名氏的话", "第二天", "周可-云杉支付"):
        assert words in shown
    assert "<script>alert" not in shown
    assert "6 messages" in shown


def test_each_message_has_its_address(highlight: Highlight, client: Client) -> None:
    links = {attributes.get("href") for name, attributes in elements_of(of(client, highlight)) if name == "a"}
    assert f"/m/{message('无名氏').key}/" in links
    assert f"/m/{message('早上好[强]').key}/" in links
    assert f"/rooms/tea-room/2018/03/28/?from={message('第二天').key}" in links


def test_no_id_is_there_twice(highlight: Highlight, client: Client) -> None:
    ids = [attributes["id"] for _, attributes in elements_of(of(client, highlight)) if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_what_was_removed_tells_neither_when_nor_whose(highlight: Highlight, client: Client) -> None:
    hidden = message("对账文件")
    moderation.hide([hidden], **why())
    shown = of(client, highlight)
    assert "1 message removed" in shown
    assert not [words for words in (hidden.key, "对账文件", f"{hidden.time:%H:%M:%S}") if words in shown]


def test_when_nothing_is_left_it_says_so(highlight: Highlight, client: Client) -> None:
    moderation.hide_day(day(SPRING), **why())
    moderation.hide_day(day(NEXT_DAY), **why())
    shown = of(client, highlight)
    assert "The quoted messages were removed" in shown
    assert "<h2>为什么</h2>" in shown
    assert "2018" not in shown.replace(highlight.slug, "")
    assert "The quoted messages are no longer available" in page(client, "/highlights/")


def test_an_unlisted_one_leads_no_robot_on(highlight: Highlight, client: Client) -> None:
    assert client.get(highlight.get_absolute_url()).headers["X-Robots-Tag"] == "noindex"
    turn("tea-room", Room.Visibility.UNLISTED)
    assert client.get(highlight.get_absolute_url()).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_closed_one_is_answered_like_one_that_never_was(highlight: Highlight, client: Client) -> None:
    turn("tea-room", Room.Visibility.HIDDEN)
    shown = page(client, highlight.get_absolute_url(), 404)
    assert shown.replace(highlight.slug, "x") == page(client, "/highlights/x/", 404)


def test_the_list_tells_what_each_quotes(highlight: Highlight, client: Client) -> None:
    shown = page(client, "/highlights/")
    for words in ("怎样对账", "6 messages", "2018-03-27", "2018-03-28", "tea-room", "/tags/", "新手"):
        assert words in shown


@pytest.mark.parametrize("number", ["0", "9", "x", "-1", "99999999999999999999"])
def test_any_number_of_a_page_is_answered(highlight: Highlight, client: Client, number: str) -> None:
    assert "怎样对账" in page(client, f"/highlights/?page={number}")


def test_without_any_the_list_says_what_they_are(archive: Path, client: Client) -> None:
    assert "No highlights yet" in page(client, "/highlights/")
    assert "No tags yet" in page(client, "/tags/")


def test_a_tag_leads_to_its_highlights(highlight: Highlight, client: Client) -> None:
    publish("别的", part(message("第二天")), tags=("茶",))
    assert re.findall(r'href="(/tags/[^"]+)"', page(client, "/tags/"))
    shown = page(client, "/tags/对账/")
    assert ("怎样对账" in shown, "别的" in shown) == (True, False)
    assert page(client, "/tags/无/", 404)


# On the page of a day


def test_a_day_shows_its_note_and_who_quotes_it(highlight: Highlight, client: Client) -> None:
    editorial.write_note(day(NEXT_DAY), "*一日* <img src=x>", by=User.objects.create_user("liuwenqing"))
    shown = page(client, DAY)
    assert "<em>一日</em>" in shown
    assert not re.search(r'src="?x', shown)
    assert "liuwenqing" not in shown
    assert f'href="{highlight.get_absolute_url()}"' in shown


def test_a_day_without_either_says_nothing_of_it(archive: Path, client: Client) -> None:
    assert "day-note" not in page(client, DAY)


def sign_in_as_curator(client: Client) -> None:
    user = User.objects.create_user("wen", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    client.force_login(user)


def test_a_curator_goes_from_a_range_to_a_new_highlight(archive: Path, client: Client) -> None:
    sign_in_as_curator(client)
    key = message("第二天").key
    shown = page(client, f"{DAY}?from={key}&to={key}")
    assert f'href="/admin/chatlogs/highlight/add/?from={key}&amp;to={key}"' in shown
    assert f'href="/admin/chatlogs/daynote/add/?day={DAY}"' in page(client, DAY)


def test_a_curator_goes_to_the_note_that_is_there(archive: Path, client: Client) -> None:
    sign_in_as_curator(client)
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    assert f"/admin/chatlogs/daynote/{DayNote.objects.get().pk}/change/" in page(client, DAY)


def test_a_reader_is_offered_neither(highlight: Highlight, client: Client) -> None:
    client.force_login(User.objects.create_user("wen"))
    assert "/admin/" not in page(client, DAY)


def test_one_that_is_not_published_is_not_there(archive: Path, client: Client) -> None:
    highlight = write("草稿", part(message("第二天")))
    page(client, highlight.get_absolute_url(), 404)
    assert "草稿" not in page(client, "/highlights/") + page(client, DAY)
