"""Deeds over actions: one taken back leaves what the others did."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Day, Message, ModerationAction, PersonalDataMatch, Room
from chatlogs.moderation import Part
from chatlogs.people import merging
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, differences, snapshot
from tests.people.people import alias, import_day, import_day_once, member

pytestmark = pytest.mark.django_db

SAID = (("陈江月", "金丝雀来了"), ("石榴", "@陈江月 你好"), ("石榴", "电话13800138000"))


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


def hide(part: Part = Part.TEXT) -> ModerationAction:
    return moderation.hide([said("金丝雀")], part, **why())


def test_the_undoing_names_what_it_undoes_and_who_did_it(imported: Path, moderator: User) -> None:
    action = hide()
    undone = moderation.undo(action, **why(moderator))
    undone.refresh_from_db()
    assert (undone.kind, undone.undoes, undone.actor_name) == ("undo", action, "he")
    assert undone.changes == [{"message": said("金丝雀").key, "state": ["hidden", "shown"]}]


def test_the_action_undone_is_the_first_of_a_chain(imported: Path) -> None:
    action = hide()
    again = moderation.undo(moderation.undo(action, **why()), **why())
    assert moderation.find_root(again).kind == "hide"


def test_undone_on_a_hidden_day_it_stays_hidden(imported: Path) -> None:
    action = hide()
    moderation.hide_day(Day.objects.get(), **why())
    moderation.undo(action, **why())
    assert shown() == []


def test_undone_on_a_hidden_day_it_comes_back_with_the_day(imported: Path) -> None:
    action = hide()
    hiding = moderation.hide_day(Day.objects.get(), **why())
    moderation.undo(action, **why())
    moderation.undo(hiding, **why())
    assert shown()[0] == "金丝雀来了"


def test_that_undone_too_it_does_not_come_back_with_the_day(imported: Path) -> None:
    action = hide()
    moderation.hide_day(Day.objects.get(), **why())
    moderation.undo(moderation.undo(action, **why()), **why())
    moderation.restore_day(Day.objects.get(), **why())
    assert "金丝雀来了" not in shown()


def test_undone_it_stays_hidden_with_who_opted_out(imported: Path) -> None:
    action = hide()
    moderation.opt_out(member("陈江月"), "messages", **why())
    moderation.undo(action, **why())
    assert "金丝雀来了" not in shown()


def test_undone_it_comes_back_with_who_opted_in_again(imported: Path) -> None:
    before = snapshot()
    action = hide()
    opting_out = moderation.opt_out(member("陈江月"), "messages", **why())
    moderation.undo(action, **why())
    moderation.undo(opting_out, **why())
    assert differences(before, snapshot()) == {}


def test_a_day_undone_shows_what_was_imported_meanwhile(imported: Path) -> None:
    action = moderation.hide_day(Day.objects.get(), **why())
    import_day(imported, *SAID, ("云", "又一句"))
    moderation.undo(action, **why())
    assert shown()[-1] == "又一句"
    check_everything()


def test_a_day_undone_leaves_hidden_who_opted_out_meanwhile(imported: Path) -> None:
    action = moderation.hide_day(Day.objects.get(), **why())
    moderation.opt_out(member("陈江月"), "messages", **why())
    moderation.undo(action, **why())
    assert "金丝雀来了" not in shown()
    check_everything()


def test_an_opting_out_undone_leaves_a_hidden_day_hidden(imported: Path) -> None:
    action = moderation.opt_out(member("陈江月"), "messages", **why())
    moderation.hide_day(Day.objects.get(), **why())
    moderation.undo(action, **why())
    assert shown() == []
    moderation.restore_day(Day.objects.get(), **why())
    assert shown()[0] == "金丝雀来了"


@pytest.mark.parametrize("newest_first", [True, False])
def test_all_undone_everything_is_as_before(imported: Path, newest_first: bool) -> None:
    before = snapshot()
    person = member("陈江月")
    actions = [
        hide(),
        moderation.hide([said("金丝雀")], Part.AUTHOR, **why()),
        moderation.redact(said("金丝雀"), [(0, 3)], **why()),
        moderation.decide_on_matches(PersonalDataMatch.objects.all(), "released", **why()),
        moderation.opt_out(person, "messages", **why()),
        moderation.hide_day(Day.objects.get(), **why()),
        moderation.set_visibility(Room.objects.get(), "unlisted", **why()),
    ]
    for action in reversed(actions) if newest_first else actions:
        moderation.undo(action, **why())
    assert differences(before, snapshot()) == {}
    check_everything()


def test_a_merge_is_undone_by_its_id_too(imported: Path) -> None:
    action = merging.merge(member("石榴"), member("陈江月"), by=None, reason="")
    moderation.undo(action, **why())
    assert member("石榴") != member("陈江月")


def test_an_undoing_that_finds_nothing_is_not_written_down(imported: Path) -> None:
    action = hide()
    moderation.restore([said("金丝雀")], **why())
    before = ModerationAction.objects.count()
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())
    assert ModerationAction.objects.count() == before


def test_of_several_messages_the_erased_ones_stay_so(imported: Path) -> None:
    action = moderation.hide(Message.objects.all(), **why())
    moderation.erase([Message.objects.get(text="金丝雀来了")], **why())
    moderation.undo(action, **why())
    assert (len(shown()), alias("陈江月").message_count) == (2, 0)
    check_everything()
