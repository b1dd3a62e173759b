"""What stands twice in the merged export of two phones is one message to everybody, moderators too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from chatlogs import moderation
from chatlogs.models import Message, PersonalDataMatch
from chatlogs.moderation import Part
from chatlogs.text.masks import BLOCK
from tests.importing.archives import import_tree
from tests.moderation.deciding import shown, why
from tests.moderation.snapshots import check_everything, differences, places_with, snapshot
from tests.transcripts.making import DAY, message, write_transcript

pytestmark = pytest.mark.django_db

State = Message.State
NAME, CANARY = "陈江月", "金丝雀来了 13800138000"
THEIRS, MINE = message("09:00:00", NAME, CANARY), message("09:00:00", "我", CANARY)
OTHERS = [message("09:01:00", name, "你好") for name in ("石榴", "我")]


def write(tree: Path, *messages: bytes) -> None:
    write_transcript(tree, "tea-room", DAY, *messages)
    import_tree(tree)


@pytest.fixture
def merged(tree: Path) -> Path:
    write(tree, THEIRS, MINE, *OTHERS)
    assert Message.objects.filter(duplicate_of__isnull=False).count() == 2
    return tree


def one(which: str) -> Message:
    return Message.objects.get(text__contains="金丝雀", duplicate_of__isnull=which == "shown")


def both() -> list[Message]:
    return list(Message.objects.filter(time="09:00:00").order_by("pk"))


WHICH = pytest.mark.parametrize("which", ["shown", "folded"])
# What is left of the day when the phones are exported apart, and when it is merged the other way round.
LATER = {
    "the one phone": (THEIRS, OTHERS[0]),
    "the other phone": (MINE, OTHERS[1]),
    "the other order": (MINE, THEIRS, *OTHERS),
    "more of both": (THEIRS, MINE, *OTHERS, message("09:02:00", NAME, "新"), message("09:02:00", "我", "新")),
}


@WHICH
@pytest.mark.parametrize("part", Part)
def test_both_are_hidden(merged: Path, which: str, part: Part) -> None:
    moderation.hide([one(which)], part, **why())
    assert len({(message_.state, message_.is_author_hidden) for message_ in both()}) == 1
    check_everything()


@WHICH
def test_both_are_restored(merged: Path, which: str) -> None:
    before = snapshot()
    moderation.hide([one("shown")], **why())
    moderation.restore([one(which)], **why())
    assert differences(before, snapshot()) == {}


@WHICH
def test_both_are_redacted(merged: Path, which: str) -> None:
    moderation.redact(one(which), [(0, 3)], **why())
    assert {message_.text for message_ in both()} == {f"{BLOCK}来了 {BLOCK}"}


@WHICH
def test_both_are_erased(merged: Path, which: str) -> None:
    moderation.erase([one(which)], **why())
    assert ([message_.state for message_ in both()], places_with("金丝雀")) == ([State.ERASED] * 2, set())


@WHICH
@pytest.mark.parametrize("state", ["released", "masked", "open"])
def test_both_are_decided_on(merged: Path, which: str, state: str) -> None:
    other = "masked" if state == "released" else "released"
    PersonalDataMatch.objects.update(state=other)
    moderation.decide_on_matches(PersonalDataMatch.objects.filter(message=one(which)), state, **why())
    assert set(PersonalDataMatch.objects.values_list("state", flat=True)) == {state}
    assert len({message_.text for message_ in both()}) == 1


@pytest.mark.parametrize("later", LATER)
def test_hidden_it_stays_hidden(merged: Path, later: str) -> None:
    moderation.hide([one("shown")], **why())
    write(merged, *LATER[later])
    assert not any("金丝雀" in text for text in shown())
    check_everything()


@pytest.mark.parametrize("later", LATER)
def test_redacted_it_stays_redacted(merged: Path, later: str) -> None:
    moderation.redact(one("shown"), [(0, 3)], **why())
    write(merged, *LATER[later])
    assert not any("金丝雀" in text for text in shown())
    check_everything()


@pytest.mark.parametrize("later", LATER)
def test_erased_it_stays_erased(merged: Path, later: str) -> None:
    moderation.erase([one("shown")], **why())
    write(merged, *LATER[later])
    assert (places_with("金丝雀"), "你好" in shown()) == (set(), True)
    check_everything()


@pytest.mark.parametrize("later", LATER)
def test_purged_it_stays_purged(merged: Path, later: str) -> None:
    moderation.redact(one("shown"), [(0, 3)], **why())
    moderation.purge(timezone.now())
    write(merged, *LATER[later])
    assert (places_with("金丝雀"), "你好" in shown()) == (set(), True)
    check_everything()


# The second phone comes later


@pytest.fixture
def apart(tree: Path) -> Path:
    write(tree, THEIRS, OTHERS[0])
    return tree


@pytest.mark.parametrize("later", LATER)
def test_erased_before_the_second_phone_came_it_stays_erased(apart: Path, later: str) -> None:
    moderation.erase([one("shown")], **why())
    write(apart, THEIRS, MINE, *OTHERS)
    write(apart, *LATER[later])
    assert (places_with("金丝雀"), "你好" in shown()) == (set(), True)
    check_everything()


@pytest.mark.parametrize("later", LATER)
def test_purged_before_the_second_phone_came_it_stays_purged(apart: Path, later: str) -> None:
    moderation.redact(one("shown"), [(0, 3)], **why())
    moderation.purge(timezone.now())
    write(apart, THEIRS, MINE, *OTHERS)
    write(apart, *LATER[later])
    assert (places_with("金丝雀"), "你好" in shown()) == (set(), True)
    check_everything()


@pytest.mark.parametrize("perform", ["hide", "redact"])
@pytest.mark.parametrize("later", LATER)
def test_out_of_sight_before_the_second_phone_came_it_stays_so(apart: Path, later: str, perform: str) -> None:
    if perform == "hide":
        moderation.hide([one("shown")], **why())
    else:
        moderation.redact(one("shown"), [(0, 3)], **why())
    write(apart, THEIRS, MINE, *OTHERS)
    write(apart, *LATER[later])
    assert not any("金丝雀" in text for text in shown())
    check_everything()


def test_erased_while_the_day_was_gone_both_stay_erased(merged: Path) -> None:
    gone = one("shown")
    write(merged, *OTHERS)
    moderation.erase([gone], **why())
    write(merged, THEIRS, MINE, *OTHERS)
    assert (places_with("金丝雀"), "你好" in shown()) == (set(), True)
    check_everything()
