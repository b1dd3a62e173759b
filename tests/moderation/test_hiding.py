"""What is hidden is nowhere, and comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Archive, Day, Mention, Message, Original, Room
from chatlogs.moderation import Part
from tests.importing.archives import import_tree
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.people.people import alias, days_later, import_day, import_day_once, revision, write_day
from tests.search.index_dumps import indexed_positions
from tests.transcripts.making import DAY

pytestmark = pytest.mark.django_db

SAID = (("陈江月", "金丝雀来了"), ("石榴", "@陈江月 你好"), ("石榴", "再见"))
State = Message.State


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


def hide(*texts: str, part: Part = Part.BOTH, by: User | None = None) -> object:
    return moderation.hide([said(text) for text in texts], part, **why(by))


def state_of(text: str) -> str:
    return Message.objects.values_list("state", flat=True).get(text__contains=text)


# What readers see


@pytest.mark.parametrize("part", [Part.BOTH, Part.TEXT])
def test_readers_do_not_see_what_is_hidden(imported: Path, part: Part) -> None:
    hide("金丝雀", part=part)
    assert shown() == ["@陈江月 你好", "再见"]


def test_the_index_forgets_what_is_hidden(imported: Path) -> None:
    position = said("金丝雀").position
    hide("金丝雀")
    assert position not in indexed_positions()


@pytest.mark.parametrize("part", Part)
def test_counts_are_those_of_what_is_left(imported: Path, part: Part) -> None:
    hide("金丝雀", part=part)
    check_everything()
    assert alias("陈江月").message_count == 0


def test_without_its_author_a_text_stays(imported: Path) -> None:
    hide("金丝雀", part=Part.AUTHOR)
    message = said("金丝雀")
    assert (message.alias, message.state, shown()[0]) == (None, State.SHOWN, "金丝雀来了")


def test_whose_author_is_hidden_is_told_by_the_seal_alone(imported: Path) -> None:
    hide("金丝雀", part=Part.AUTHOR)
    assert Original.objects.get().alias == alias("陈江月")


def test_a_day_counts_nobody_where_an_author_is_hidden(imported: Path) -> None:
    hide("金丝雀", part=Part.AUTHOR)
    assert Day.objects.values_list("message_count", "member_count").get() == (3, 1)


@pytest.mark.parametrize("part", Part)
def test_pages_are_made_anew(imported: Path, part: Part) -> None:
    day, archive = revision(), Archive.objects.get().revision
    hide("金丝雀", part=part)
    assert (revision() > day, Archive.objects.get().revision > archive) == (True, True)


def test_mentions_of_a_hidden_message_are_not_shown(imported: Path) -> None:
    hide("你好")
    assert not Mention.objects.shown().exists()


# The log


def test_the_log_has_who_and_why_and_what(imported: Path, moderator: User) -> None:
    key = said("金丝雀").key
    action = moderation.hide([said("金丝雀")], **why(moderator))
    action.refresh_from_db()
    assert (action.kind, action.actor, action.actor_name, action.category, action.reason) == (
        "hide", moderator, "he", "request", "她不想再看到",
    )  # fmt: skip
    assert action.changes == [
        {"message": key, "state": ["shown", "hidden"]},
        {"message": key, "author": [False, True]},
    ]


def test_the_log_has_no_words(imported: Path) -> None:
    hide("金丝雀")
    assert set(places_with("金丝雀")) == {"Message.text", "Segment.source", "Original.text"}


# Undoing


@pytest.mark.parametrize("part", Part)
def test_undone_everything_is_as_before(imported: Path, part: Part) -> None:
    before = snapshot()
    action = moderation.hide([said("金丝雀"), said("再见")], part, **why())
    moderation.undo(action, **why())
    assert differences(before, snapshot()) == {}
    check_everything()


@pytest.mark.parametrize("part", Part)
def test_the_undoing_undone_everything_is_hidden_again(imported: Path, part: Part) -> None:
    action = moderation.hide([said("金丝雀")], part, **why())
    after = snapshot()
    moderation.undo(moderation.undo(action, **why()), **why())
    assert differences(after, snapshot()) == {}
    check_everything()


def test_an_action_is_undone_once(imported: Path) -> None:
    action = moderation.hide([said("金丝雀")], **why())
    moderation.undo(action, **why())
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


def test_an_undoing_touches_nothing_that_was_decided_since(imported: Path) -> None:
    action = moderation.hide([said("金丝雀"), said("再见")], Part.TEXT, **why())
    moderation.restore([said("金丝雀")], **why())
    moderation.undo(action, **why())
    assert shown() == ["金丝雀来了", "@陈江月 你好", "再见"]


def test_an_undoing_of_nothing_is_refused(imported: Path) -> None:
    action = moderation.hide([said("金丝雀")], Part.TEXT, **why())
    moderation.restore([said("金丝雀")], **why())
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


def test_a_restoring_can_be_undone(imported: Path) -> None:
    hide("金丝雀")
    after = snapshot()
    moderation.undo(moderation.restore([said("金丝雀")], **why()), **why())
    assert differences(after, snapshot()) == {}


def test_hiding_twice_is_refused(imported: Path) -> None:
    hide("金丝雀")
    with pytest.raises(ActionRefused):
        hide("金丝雀")


def test_a_stale_message_in_hand_hides_nothing_twice(imported: Path) -> None:
    stale = said("金丝雀")
    hide("金丝雀")
    with pytest.raises(ActionRefused):
        moderation.hide([stale], **why())


# Later imports


EDITS = {
    "unchanged": SAID,
    "text edited": (("陈江月", "金丝雀走了"), *SAID[1:]),
    "name corrected": (("陈江月-青禾", "金丝雀来了"), *SAID[1:]),
    "others gone": SAID[:2],
    "one more": (*SAID, ("云", "大家好")),
    "gone": (("", "别的"), *SAID[1:]),
}


@pytest.mark.parametrize("part", [Part.BOTH, Part.TEXT])
@pytest.mark.parametrize("edit", EDITS)
def test_hidden_stays_hidden(imported: Path, edit: str, part: Part) -> None:
    hide("金丝雀", part=part)
    import_day(imported, *EDITS[edit])
    import_tree(imported, reparse=True)
    assert not any("金丝雀" in text for text in shown())
    check_everything()


@pytest.mark.parametrize("edit", EDITS)
def test_a_hidden_author_stays_hidden(imported: Path, edit: str) -> None:
    key = said("金丝雀").key
    hide("金丝雀", part=Part.AUTHOR)
    import_day(imported, *EDITS[edit])
    import_tree(imported, reparse=True)
    assert Message.objects.get(key=key).alias is None
    check_everything()


def test_gone_and_back_a_hidden_message_is_hidden(imported: Path) -> None:
    hide("金丝雀")
    import_day(imported, *SAID[1:])
    import_day(imported, *SAID)
    assert shown() == ["@陈江月 你好", "再见"]


def test_gone_and_back_its_author_is_hidden(imported: Path) -> None:
    hide("金丝雀", part=Part.AUTHOR)
    import_day(imported, ("", "占位"), *SAID[1:])
    import_day(imported, *SAID)
    assert said("金丝雀").alias is None
    check_everything()


def test_hidden_while_it_was_gone_a_message_comes_back_hidden(imported: Path) -> None:
    import_day(imported, ("", "占位"), *SAID[1:])
    hide("金丝雀")
    import_day(imported, *SAID)
    assert not any("金丝雀" in text for text in shown())
    check_everything()


def test_a_new_name_for_a_text_without_author_is_held(imported: Path) -> None:
    """The message vanished, and its words came back under another time and name."""
    hide("金丝雀", part=Part.AUTHOR)
    import_day(imported, *SAID[1:], ("陈江月2", "空"), ("陈江月3", "金丝雀来了!"))
    assert state_of("金丝雀来了!") == State.HELD


# Days


def test_nothing_of_a_hidden_day_is_shown(imported: Path) -> None:
    moderation.hide_day(Day.objects.get(), **why())
    assert (shown(), Day.objects.get().message_count) == ([], 0)
    check_everything()


def test_what_an_import_adds_to_a_hidden_day_is_hidden(imported: Path) -> None:
    moderation.hide_day(Day.objects.get(), **why())
    import_day(imported, *SAID, ("云", "大家好"))
    assert shown() == []
    check_everything()


def test_a_hidden_day_undone_is_as_before(imported: Path) -> None:
    hide("再见")
    before = snapshot()
    moderation.undo(moderation.hide_day(Day.objects.get(), **why()), **why())
    assert differences(before, snapshot()) == {}


def test_a_day_restored_keeps_hidden_what_was_hidden_singly(imported: Path) -> None:
    hide("金丝雀")
    moderation.hide_day(Day.objects.get(), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert shown() == ["@陈江月 你好", "再见"]


def test_a_day_restored_shows_what_was_hidden_singly_and_restored_before(imported: Path) -> None:
    hide("金丝雀")
    moderation.restore([said("金丝雀")], **why())
    moderation.hide_day(Day.objects.get(), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert len(shown()) == 3


def test_a_day_restored_keeps_hidden_what_an_undone_undoing_hid(imported: Path) -> None:
    action = moderation.hide([said("金丝雀")], **why())
    moderation.undo(moderation.undo(action, **why()), **why())
    moderation.hide_day(Day.objects.get(), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert shown() == ["@陈江月 你好", "再见"]


def test_a_day_restored_keeps_hidden_who_opted_out(imported: Path) -> None:
    moderation.opt_out(alias("陈江月").member, "messages", **why())
    moderation.hide_day(Day.objects.get(), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert not any("金丝雀" in text for text in shown())
    check_everything()


def test_a_day_restored_shows_nothing_that_was_held(imported: Path) -> None:
    hide("金丝雀")
    import_day(imported, *SAID[1:], ("云", "金丝雀?"))
    assert state_of("金丝雀?") == State.HELD
    moderation.hide_day(Day.objects.get(), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert not any("金丝雀" in text for text in shown())


def test_what_was_hidden_with_an_imported_day_comes_back_with_it(imported: Path) -> None:
    moderation.hide_day(Day.objects.get(), **why())
    import_day(imported, *SAID, ("云", "大家好"))
    moderation.restore_day(Day.objects.get(), **why())
    assert shown() == ["金丝雀来了", "@陈江月 你好", "再见", "大家好"]
    check_everything()


def test_a_hidden_day_is_hidden_once(imported: Path) -> None:
    moderation.hide_day(Day.objects.get(), **why())
    with pytest.raises(ActionRefused):
        moderation.hide_day(Day.objects.get(), **why())


# Rooms


def test_a_room_for_nobody_is_an_action_that_can_be_undone(imported: Path) -> None:
    before = snapshot()
    action = moderation.set_visibility(Room.objects.get(), Room.Visibility.HIDDEN, **why())
    assert (action.kind, action.changes) == ("hide", [{"room": "tea-room", "visibility": ["public", "hidden"]}])
    moderation.undo(action, **why())
    assert differences(before, snapshot()) == {}


def test_pages_of_a_hidden_room_are_made_anew(imported: Path) -> None:
    before = Archive.objects.get().revision
    moderation.set_visibility(Room.objects.get(), Room.Visibility.HIDDEN, **why())
    assert Archive.objects.get().revision > before


def test_a_room_stays_hidden_whatever_is_imported(imported: Path) -> None:
    moderation.set_visibility(Room.objects.get(), Room.Visibility.HIDDEN, **why())
    write_day(imported, days_later(1), ("云", "新的一天"))
    import_tree(imported)
    assert Room.objects.get().visibility == "hidden"


# Who else is in the day


def test_hiding_a_range_hides_what_is_between(imported: Path) -> None:
    ids = moderation.find_range(said("再见"), said("金丝雀"))
    moderation.hide(Message.objects.filter(pk__in=ids), **why())
    assert shown() == []


def test_a_range_ends_at_its_room(imported: Path) -> None:
    import_day(imported, ("云", "别处"), date=DAY, room="wine-room")
    assert len(moderation.find_range(said("金丝雀"), said("再见"))) == 3


def test_a_member_has_said_what_stands_without_its_author_too(imported: Path) -> None:
    hide("金丝雀", part=Part.AUTHOR)
    assert moderation.find_of_member(alias("陈江月").member) == [said("金丝雀").pk]
