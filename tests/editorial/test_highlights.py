"""Highlights are written, published and retracted."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import editorial, moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Archive, Highlight, ModerationAction, Tag
from tests.editorial.writing import day, message, part, publish, write
from tests.moderation.deciding import why
from tests.small_archive import NEXT_DAY, SPRING, SUMMER

pytestmark = pytest.mark.django_db


def revisions() -> tuple[int, int]:
    return day(SPRING).revision, Archive.objects.get().revision


def test_it_is_not_published_when_it_is_written(archive: Path) -> None:
    user = User.objects.create_user("wen")
    before = revisions()
    highlight = write("早上", part(message("早上好[强]")), by=user)
    assert (highlight.made_by, highlight.changed_by, highlight.is_published) == (user, user, False)
    assert revisions() == before


def test_its_address_is_room_and_date_of_what_it_quotes(archive: Path) -> None:
    slugs = [write("早上", part(message("早上好[强]"))).slug for _time in range(3)]
    assert slugs == ["tea-room-2018-03-27", "tea-room-2018-03-27-2", "tea-room-2018-03-27-3"]


def test_its_address_can_be_chosen_and_stays(archive: Path) -> None:
    highlight = write("早上", part(message("早上好[强]")), slug="清晨")
    editorial.save_highlight(highlight, [part(message("第二天"))], [], by=None)
    assert Highlight.objects.get().slug == "清晨"


def test_its_parts_are_those_that_it_is_saved_with(archive: Path) -> None:
    highlight = write("早上", part(message("早上好[强]")), part(message("第二天")))
    editorial.save_highlight(highlight, [part(message("第二天"), comment="看"), part(message("无名氏"))], [], by=None)
    told = highlight.parts.order_by("order").values_list("order", "first__text", "comment")
    assert list(told) == [(1, "第二天", "看"), (2, "无名氏的话", "")]


def test_tags_that_nobody_uses_are_forgotten(archive: Path) -> None:
    highlight = write("早上", part(message("第二天")), tags=("对账", "茶"))
    other = write("又一", part(message("第二天")), tags=("茶",))
    editorial.save_highlight(highlight, [part(message("第二天"))], ["账"], by=None)
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["茶", "账"]
    assert [tag.slug for tag in other.tags.all()] == ["茶"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", []),
        ("对账，茶、 新手  必读 ,", ["对账", "茶", "新手 必读"]),
        ("AI, ai", ["AI"]),
    ],
)
def test_tags_are_typed_with_commas(typed: str, names: list[str]) -> None:
    assert editorial.read_tag_names(typed) == names


@pytest.mark.parametrize("typed", ["!?", "长" * 51])
def test_a_tag_must_have_an_address(typed: str) -> None:
    with pytest.raises(ActionRefused, match="A tag must contain letters or digits"):
        editorial.read_tag_names(typed)


def test_it_is_published_and_retracted(archive: Path) -> None:
    before = revisions()
    highlight = publish("早上", part(message("早上好[强]")))
    assert highlight.is_published
    assert revisions() == (before[0] + 1, before[1] + 1)
    editorial.retract([highlight], **why())
    assert not Highlight.objects.get().is_published
    assert revisions() == (before[0] + 2, before[1] + 2)


def test_what_changes_of_a_published_one_is_seen_at_once(archive: Path) -> None:
    highlight = publish("早上", part(message("早上好[强]")))
    before, next_day = revisions(), day(NEXT_DAY).revision
    editorial.save_highlight(highlight, [part(message("第二天"))], [], by=None)
    assert revisions() == (before[0] + 1, before[1] + 1)
    assert day(NEXT_DAY).revision == next_day + 1


def test_publishing_or_retracting_twice_is_refused(archive: Path) -> None:
    highlight = publish("早上", part(message("早上好[强]")))
    with pytest.raises(ActionRefused, match="already published"):
        editorial.publish([highlight], by=None)
    editorial.retract([highlight], **why())
    with pytest.raises(ActionRefused, match="not published"):
        editorial.retract([highlight], **why())


def test_the_log_has_no_words(archive: Path) -> None:
    editorial.retract([publish("早上", part(message("早上好[强]")), notes="好")], **why())
    slug = "tea-room-2018-03-27"
    assert list(ModerationAction.objects.order_by("pk").values_list("kind", "changes")) == [
        ("highlight", [{"highlight": slug, "parts": 1}]),
        ("publish", [{"highlight": slug, "published": [False, True]}]),
        ("retract", [{"highlight": slug, "published": [True, False]}]),
    ]


def test_publishing_and_retracting_are_undone(archive: Path) -> None:
    highlight = publish("早上", part(message("早上好[强]")))
    published = ModerationAction.objects.get(kind="publish")
    undoing = moderation.undo(published, **why())
    assert not Highlight.objects.get().is_published
    moderation.undo(undoing, **why())
    assert Highlight.objects.get().is_published
    moderation.undo(editorial.retract([highlight], **why()), **why())
    assert Highlight.objects.get().is_published


def test_writing_is_not_undone(archive: Path) -> None:
    write("早上", part(message("早上好[强]")))
    with pytest.raises(ActionRefused, match="is not stored"):
        moderation.undo(ModerationAction.objects.get(), **why())


# What it may quote


def test_it_quotes_something(archive: Path) -> None:
    with pytest.raises(ActionRefused, match="must quote messages"):
        write("早上")


def test_a_part_is_of_one_day(archive: Path) -> None:
    with pytest.raises(ActionRefused, match="different days or rooms"):
        write("早上", part(message("早上好[强]"), message("第二天")))


def test_a_part_is_of_one_room(archive: Path) -> None:
    with pytest.raises(ActionRefused, match="different days or rooms"):
        write("早上", part(message("早上好[强]"), message("另一个群", "wine-room")))


def test_a_part_has_a_greatest_length(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.editorial.highlights.MOST_MESSAGES", 100)
    first = message("第10句", "wine-room")
    write("夏天", part(first, message("第109句", "wine-room")))
    assert day(SUMMER, "wine-room").message_count > 100
    with pytest.raises(ActionRefused, match="at most 100 messages"):
        write("夏天", part(first, message("第110句", "wine-room")))


def test_it_has_a_greatest_number_of_parts(archive: Path) -> None:
    parts = [part(message(f"第{number}句", "wine-room")) for number in range(21)]
    with pytest.raises(ActionRefused, match="at most 20 parts"):
        write("夏天", *parts)


def test_no_message_is_quoted_twice(archive: Path) -> None:
    first, last = message("早上好[强]"), message("无名氏")
    with pytest.raises(ActionRefused, match="the same message"):
        write("早上", part(last, first), part(message("对账文件")))
