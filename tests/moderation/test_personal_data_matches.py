"""Personal data is masked as soon as it is here, until a moderator says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Message, Original, PersonalDataMatch, Room
from chatlogs.text.masks import BLOCK
from tests.importing.archives import import_tree
from tests.moderation.deciding import shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.people.people import days_later, import_day, import_day_once

pytestmark = pytest.mark.django_db

PHONE, QQ = "13800138000", "123456789"
CALL = ("陈江月", f"电话{PHONE}哦")
OTHER = ("石榴", "你好")


def decide(state: str, **of: object) -> object:
    return moderation.decide_on_matches(PersonalDataMatch.objects.filter(**of), state, **why())


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, CALL, OTHER)
    return tree


# At the import


def test_a_first_load_masks_it(imported: Path) -> None:
    assert (shown()[0], places_with(PHONE)) == (f"电话{BLOCK}哦", {"Original.text", "Segment.source"})
    check_everything()


def test_a_later_import_masks_it(tree: Path) -> None:
    import_day(tree, OTHER)
    import_day(tree, CALL, date=days_later(1))
    assert (shown()[1], places_with(PHONE)) == (f"电话{BLOCK}哦", {"Original.text", "Segment.source"})
    check_everything()


def test_an_edit_that_brings_it_masks_it(imported: Path) -> None:
    import_day(imported, CALL, ("石榴", f"找我{PHONE}"))
    assert shown()[1] == f"找我{BLOCK}"
    check_everything()


def test_a_withdrawn_one_that_returns_is_masked(imported: Path) -> None:
    import_day(imported, OTHER)
    import_day(imported, CALL, OTHER)
    assert not any(PHONE in text for text in shown())


def test_where_and_what_kind_it_is_is_noted(imported: Path) -> None:
    assert PersonalDataMatch.objects.values_list("start", "stop", "kind", "state").get() == (2, 13, "phone", "open")


def test_what_the_room_does_not_mask_waits_unmasked(tree: Path) -> None:
    import_day(tree, ("陈江月", f"QQ:{QQ}"))
    assert (shown(), PersonalDataMatch.objects.get().kind) == ([f"QQ:{QQ}"], "qq")


def test_what_the_room_masks_is_for_its_imports(tree: Path) -> None:
    Room.objects.create(slug="tea-room", masked_kinds=["qq"])
    import_day(tree, ("陈江月", f"QQ:{QQ}"), ("石榴", f"电话{PHONE}"))
    assert shown() == [f"QQ:{BLOCK}", f"电话{PHONE}"]


def test_an_import_of_the_unchanged_file_changes_nothing(imported: Path) -> None:
    before = snapshot()
    import_tree(imported, reparse=True)
    assert differences(before, snapshot()) == {}


# Decided on


def test_released_it_is_shown(imported: Path) -> None:
    decide("released")
    assert (shown()[0], Original.objects.count()) == (CALL[1], 0)
    check_everything()


def test_masked_it_is_covered(tree: Path) -> None:
    import_day(tree, ("陈江月", f"QQ:{QQ}"))
    decide("masked")
    assert shown() == [f"QQ:{BLOCK}"]
    check_everything()


@pytest.mark.parametrize("state", ["released", "masked"])
def test_undone_everything_is_as_before(imported: Path, state: str) -> None:
    before = snapshot()
    moderation.undo(moderation.decide_on_matches(PersonalDataMatch.objects.all(), state, **why()), **why())
    assert differences(before, snapshot()) == {}


def test_decided_so_already_is_refused(imported: Path) -> None:
    decide("released")
    with pytest.raises(ActionRefused):
        decide("released")


def test_the_log_has_the_place_and_the_states(imported: Path, moderator: User) -> None:
    action = moderation.decide_on_matches(PersonalDataMatch.objects.all(), "released", **why(moderator))
    action.refresh_from_db()
    key = Message.objects.earliest("position").key
    change = {"message": key, "start": 2, "kind": "phone", "state": ["open", "released"]}
    assert (action.kind, action.actor_name, action.changes) == ("review", "he", [change])


@pytest.mark.parametrize("state", ["released", "masked"])
@pytest.mark.parametrize("text", ["新电话{}哦", "{}", "电话{}哦"])
def test_what_was_decided_goes_with_the_words(imported: Path, state: str, text: str) -> None:
    decide(state)
    import_day(imported, ("陈江月", text.format(PHONE)), OTHER, ("云", "又一句"))
    assert PersonalDataMatch.objects.get().state == state
    assert shown()[0] == text.format(PHONE if state == "released" else BLOCK)
    check_everything()


def test_another_number_is_masked_again(imported: Path) -> None:
    decide("released")
    import_day(imported, ("陈江月", "电话13900139000哦"), OTHER)
    assert shown()[0] == f"电话{BLOCK}哦"


@pytest.mark.parametrize("released", [0, 1])
def test_of_equal_ones_no_edit_brings_the_masked_one_to_light(tree: Path, released: int) -> None:
    """A name that is a word, too: here the one, there the other."""
    import_day(tree, ("高兴", "早"), ("石榴", "高兴说他很高兴"))
    moderation.opt_out(Message.objects.get(text="早").alias.member, "name", **why())  # type: ignore[union-attr]
    first, second = PersonalDataMatch.objects.order_by("start")
    decide("released", pk=(first, second)[released].pk)
    decide("masked", pk=(second, first)[released].pk)
    import_day(tree, ("高兴", "早"), ("石榴", "今天高兴说他很高兴"))
    assert set(PersonalDataMatch.objects.values_list("state", flat=True)) == {"masked"}


# Looking through what is there


def test_what_was_there_before_is_found(imported: Path) -> None:
    after = snapshot()
    PersonalDataMatch.objects.all().delete()
    Original.objects.all().delete()
    Message.objects.filter(text__contains=BLOCK).update(text=CALL[1])
    from chatlogs.search import sync

    sync.reset()
    sync.build()
    moderation.scan_all()
    assert differences(after, snapshot()) == {}
    check_everything()


def test_looked_through_again_nothing_changes(imported: Path) -> None:
    decide("released")
    before = snapshot()
    moderation.scan_all()
    assert differences(before, snapshot()) == {}


def test_what_is_no_personal_data_any_more_is_shown(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatlogs.moderation.personal_data.find_personal_data", lambda text: [])
    moderation.scan_all()
    assert (shown()[0], PersonalDataMatch.objects.count(), Original.objects.count()) == (CALL[1], 0, 0)
    check_everything()


def test_hidden_messages_are_looked_through_too(imported: Path) -> None:
    import_day(imported, ("陈江月", f"QQ:{QQ}"), OTHER)
    moderation.hide([Message.objects.earliest("position")], **why())
    PersonalDataMatch.objects.all().delete()
    moderation.scan_all()
    assert PersonalDataMatch.objects.get().kind == "qq"


def test_somebody_who_watches_learns_how_far_it_is(imported: Path) -> None:
    counts: list[int] = []
    moderation.scan_all(counts.append)
    assert sum(counts) == 2
