"""Tests of the visibility of day notes, highlights and their parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from chatlogs import editorial, moderation
from chatlogs.models import Day, Highlight, Message, Room
from chatlogs.models.audience import Audience
from chatlogs.queries.highlights import (
    find_highlights,
    find_highlights_of,
    find_passages,
    find_tags,
    find_tags_of,
    get_highlight,
    get_note,
    get_tag,
    sum_up,
)
from tests.editorial.writing import day, message, part, publish, write
from tests.moderation.deciding import why
from tests.readers import make_private, one_request, turn
from tests.small_archive import NEXT_DAY, SPRING

pytestmark = pytest.mark.django_db

Visibility = Room.Visibility


def texts(highlight: Highlight) -> list[list[str]]:
    return [[message.text for message in passage.messages] for passage in find_passages(highlight)]


def titles(day: Day) -> list[str]:
    return [highlight.title for highlight in find_highlights_of(day)]


def can_be_read(highlight: Highlight) -> bool:
    try:
        return get_highlight(highlight.slug) == highlight
    except Http404:
        return False


# Parts


def test_it_quotes_from_the_first_to_the_last(archive: Path) -> None:
    highlight = publish("早上", part(message("无名氏"), message("也早")), part(message("第二天")))
    assert texts(highlight)[1] == ["第二天"]
    assert [text[:5] for text in texts(highlight)[0]] == ["无名氏的话", "「 周可-"]


def test_the_ends_may_change_places(archive: Path) -> None:
    first, last = message("无名氏"), message("也早")
    assert len(texts(publish("早上", part(last, first)))[0]) == 2


def test_rooms_at_the_same_time_do_not_mix(archive: Path) -> None:
    of_tea = part(message("早上好[强]"), message("无名氏"))
    highlight = publish("早上", of_tea, part(message("另一个群", "wine-room")))
    assert [len(passage) for passage in texts(highlight)] == [5, 1]


def test_what_is_hidden_disappears_and_leaves_its_place(archive: Path) -> None:
    highlight = publish("早上", part(message("早上好[强]"), message("无名氏")))
    moderation.hide([message("对账文件")], **why())
    (passage,) = find_passages(highlight)
    assert "对账文件" not in str(texts(highlight))
    assert [turn.removed for turn in passage.turns if turn.removed] == [1]


def test_what_is_withdrawn_or_held_leaves_no_place(archive: Path) -> None:
    highlight = publish("早上", part(message("早上好[强]"), message("无名氏")))
    Message.objects.filter(text__contains="对账文件").update(is_withdrawn=True)
    Message.objects.filter(text="无名氏的话").update(state="held")
    (passage,) = find_passages(highlight)
    assert (len(passage.messages), sum(turn.removed for turn in passage.turns)) == (3, 0)


def test_of_a_part_that_is_gone_nothing_is_left(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天"), comment="说第二天"), part(message("无名氏")))
    moderation.hide([message("第二天")], **why())
    assert texts(highlight) == [["无名氏的话"]]


def test_a_highlight_outlives_what_it_quotes(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")))
    moderation.erase([message("第二天")], **why())
    assert can_be_read(highlight)
    assert find_passages(highlight) == []


def test_the_list_counts_what_can_be_read(archive: Path) -> None:
    publish("早上", part(message("早上好[强]"), message("无名氏")), part(message("另一个群", "wine-room")))
    moderation.hide([message("对账文件")], **why())
    (line,) = sum_up(find_highlights())
    assert (line.message_count, [room.slug for room in line.rooms]) == (5, ["tea-room", "wine-room"])
    assert (line.first_date, line.last_date) == (SPRING, SPRING)


def test_the_list_shows_no_room_or_date_of_removed_quotations(archive: Path) -> None:
    publish("早上", part(message("第二天")))
    moderation.hide([message("第二天")], **why())
    (line,) = sum_up(find_highlights())
    assert (line.message_count, line.rooms, line.dates) == (0, [], [])


def test_the_newest_is_first(archive: Path) -> None:
    first, second = publish("一", part(message("第二天"))), publish("二", part(message("第二天")))
    assert list(find_highlights()) == [second, first]
    editorial.retract([first], **why())
    editorial.publish([first], by=None)
    assert list(find_highlights()) == [first, second]


def test_the_list_takes_as_many_queries_for_many(archive: Path) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries, one_request():
            for line in sum_up(find_highlights()):
                [*line.highlight.tags.all()]
        return len(queries)

    publish("早上", part(message("第二天")), tags=("茶",))
    before = count()
    for number in range(5):
        publish(f"{number}", part(message("第二天")), part(message("另一个群", "wine-room")), tags=("茶", f"{number}"))
    assert count() == before <= 4


# Highlights of a day


def test_a_day_tells_by_which_it_is_quoted(archive: Path) -> None:
    publish("一", part(message("第二天")))
    publish("二", part(message("无名氏")), part(message("第二天")))
    write("三", part(message("第二天")))
    assert titles(day(NEXT_DAY)) == ["二", "一"]
    assert titles(day(SPRING)) == ["二"]


def test_a_day_tells_of_none_that_quotes_only_what_is_gone(archive: Path) -> None:
    publish("二", part(message("无名氏")), part(message("第二天")))
    moderation.hide([message("第二天")], **why())
    assert titles(day(NEXT_DAY)) == []
    assert titles(day(SPRING)) == ["二"]


def test_a_note_is_read_with_its_day(archive: Path) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    note = get_note(day(NEXT_DAY))
    assert note
    assert note.text == "一日"
    assert get_note(day(SPRING)) is None


def test_a_note_that_was_taken_back_is_none(archive: Path) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    editorial.write_note(day(NEXT_DAY), "", by=None)
    assert get_note(day(NEXT_DAY)) is None


def test_the_note_of_a_hidden_day_is_hidden(archive: Path) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    moderation.hide_day(day(NEXT_DAY), **why())
    moderation.restore([message("第二天")], **why())
    assert get_note(day(NEXT_DAY)) is None


def test_a_note_of_nothing_is_not_read(archive: Path) -> None:
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    moderation.hide([message("第二天")], **why())
    assert get_note(day(NEXT_DAY)) is None


# Private and unlisted rooms


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.PRIVATE])
def test_one_of_closed_rooms_never_was(archive: Path, visibility: Visibility) -> None:
    highlight = publish("早上", part(message("第二天")), tags=("茶",))
    editorial.write_note(day(NEXT_DAY), "一日", by=None)
    turn("tea-room", visibility)
    assert not can_be_read(highlight)
    assert (list(find_highlights()), list(find_tags()), get_note(day(NEXT_DAY))) == ([], [], None)
    with pytest.raises(Http404):
        get_tag("茶")


def test_readers_of_a_private_room_read_it(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")))
    group = make_private("tea-room")
    with one_request(Audience(frozenset([group.pk]))):
        assert can_be_read(highlight)
        assert list(find_highlights()) == [highlight]
        assert texts(highlight) == [["第二天"]]


def test_of_a_closed_room_no_part_is_shown_or_counted(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")), part(message("另一个群", "wine-room")))
    make_private("tea-room")
    assert texts(highlight) == [["另一个群"]]
    (line,) = sum_up(find_highlights())
    assert (line.message_count, [room.slug for room in line.rooms]) == (1, ["wine-room"])


def test_one_of_an_unlisted_room_is_for_those_who_know(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")), part(message("无名氏")), tags=("茶",))
    turn("tea-room", Visibility.UNLISTED)
    assert can_be_read(highlight)
    assert texts(highlight) == [["第二天"], ["无名氏的话"]]
    assert titles(day(NEXT_DAY)) == ["早上"]
    assert (list(find_highlights()), list(find_tags()), list(find_tags_of(highlight))) == ([], [], [])


def test_a_listed_highlight_does_not_reveal_unlisted_rooms(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")), part(message("另一个群", "wine-room")))
    turn("tea-room", Visibility.UNLISTED)
    assert texts(highlight) == [["另一个群"]]
    assert titles(day(NEXT_DAY)) == []
    assert titles(day(SPRING, "wine-room")) == ["早上"]


def test_who_knows_one_unlisted_room_is_told_of_no_other(archive: Path) -> None:
    highlight = publish("早上", part(message("第二天")), part(message("另一个群", "wine-room")))
    turn("tea-room", Visibility.UNLISTED)
    turn("wine-room", Visibility.UNLISTED)
    assert not can_be_read(highlight)
    assert titles(day(NEXT_DAY)) == []


def test_one_that_is_not_published_is_nobodys(archive: Path) -> None:
    highlight = write("早上", part(message("第二天")), tags=("茶",))
    assert not can_be_read(highlight)
    assert (list(find_highlights()), list(find_tags())) == ([], [])


# Tags


def test_tags_tell_how_many_have_them(archive: Path) -> None:
    publish("一", part(message("第二天")), tags=("茶", "对账"))
    second = publish("二", part(message("第二天")), tags=("茶",))
    write("三", part(message("第二天")), tags=("茶", "酒"))
    assert [(tag.name, tag.highlight_count) for tag in find_tags()] == [("茶", 2), ("对账", 1)]
    assert next(iter(find_highlights(get_tag("茶")))) == second
