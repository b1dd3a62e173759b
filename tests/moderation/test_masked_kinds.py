"""Which kinds of personal data a room masks at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Original, PersonalDataMatch, Room
from chatlogs.search import sync
from tests.moderation.deciding import shown, why
from tests.people.people import import_day, import_day_once

pytestmark = pytest.mark.django_db

PHONE = "电话13800138000哦"


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, ("陈江月", PHONE))
    import_day_once(tree, ("陈江月", PHONE), room="wine-room")
    return tree


def room(slug: str = "tea-room") -> Room:
    return Room.objects.get(slug=slug)


def test_what_was_found_is_shown_in_this_room_alone(imported: Path) -> None:
    moderation.set_masked_kinds(room(), [], **why())
    assert sorted(shown()) == ["电话13800138000哦", "电话███哦"]
    assert not sync.check()


def test_nothing_stays_sealed_that_is_shown(imported: Path) -> None:
    moderation.set_masked_kinds(room(), [], **why())
    assert set(Original.objects.values_list("message__room__slug", flat=True)) == {"wine-room"}


def test_what_was_decided_on_stays(imported: Path) -> None:
    moderation.decide_on_matches(PersonalDataMatch.objects.filter(message__room=room()), "masked", **why())
    moderation.set_masked_kinds(room(), [], **why())
    assert set(shown()) == {"电话███哦"}


def test_it_is_written_down_as_kinds(imported: Path) -> None:
    before = room().masked_kinds
    action = moderation.set_masked_kinds(room(), ["qq", "email"], **why())
    assert action.kind == "review"
    assert action.changes == [{"room": "tea-room", "masked_kinds": [before, ["email", "qq"]]}]


def test_it_is_undone_and_that_too(imported: Path) -> None:
    undone = moderation.undo(moderation.set_masked_kinds(room(), [], **why()), **why())
    assert set(shown()) == {"电话███哦"}
    moderation.undo(undone, **why())
    assert room().masked_kinds == []
    assert PHONE in shown()


def test_it_is_not_undone_once_something_else_was_decided(imported: Path) -> None:
    action = moderation.set_masked_kinds(room(), [], **why())
    moderation.set_masked_kinds(room(), ["qq"], **why())
    with pytest.raises(ActionRefused):
        moderation.undo(action, **why())


def test_the_same_kinds_are_refused(imported: Path) -> None:
    with pytest.raises(ActionRefused):
        moderation.set_masked_kinds(room(), room().masked_kinds[::-1], **why())


def test_the_next_import_masks_by_the_new_choice(imported: Path) -> None:
    moderation.set_masked_kinds(room(), [], **why())
    import_day(imported, ("陈江月", PHONE), ("石榴", "又一个13900139000"))
    assert "又一个13900139000" in shown()
