"""Pieces of a message, as moderators mark them in what they may read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.audit import ActionRefused
from chatlogs.models import Message, PersonalDataMatch
from chatlogs.moderation import excerpts
from chatlogs.text.masks import BLOCK
from tests.importing.archives import import_tree
from tests.moderation.deciding import why
from tests.people.people import days_later, import_day_once, write_day

pytestmark = pytest.mark.django_db

SAID = "Canary来了，canary又来"


@pytest.fixture
def imported(tree: Path) -> Path:
    import_day_once(tree, ("陈江月", SAID), ("石榴", "电话13800138000哦"))
    return tree


def message(place: int = 0) -> Message:
    return Message.objects.with_originals().order_by("position")[place]


def test_words_are_found_every_time_and_in_every_case(imported: Path) -> None:
    assert excerpts.find_spans(message(), ["canary"]) == [(0, 6), (9, 15)]


def test_signs_of_patterns_are_signs(imported: Path) -> None:
    with pytest.raises(ActionRefused):
        excerpts.find_spans(message(), ["c.*y"])


def test_words_and_characters_are_found_together(imported: Path) -> None:
    assert excerpts.find_spans(message(), ["又来"], [(6, 8)]) == [(6, 8), (15, 17)]


def test_a_piece_behind_a_block_is_found_in_the_original(imported: Path) -> None:
    assert message(1).text == f"电话{BLOCK}哦"
    assert excerpts.find_spans(message(1), ["哦"]) == [(13, 14)]


def test_what_is_sealed_is_not_found_but_in_the_original(imported: Path) -> None:
    with pytest.raises(ActionRefused):
        excerpts.find_spans(message(1), ["138"])
    assert excerpts.find_spans(message(1), ["138"], in_original=True) == [(2, 5), (7, 10)]


def test_what_will_be_read_is_what_is_read_afterwards(imported: Path) -> None:
    spans = excerpts.find_spans(message(1), ["电"])
    foretold = excerpts.show_covered(message(1), spans)
    moderation.redact(message(1), spans, **why())
    assert message(1).text == foretold == f"{BLOCK}话{BLOCK}哦"


def test_of_a_text_that_has_changed_it_is_foretold_what_is_covered_anew(imported: Path) -> None:
    moderation.redact(message(), [(0, 6)], **why())
    write_day(imported, days_later(0), ("陈江月", f"改了：{SAID}"), ("石榴", "电话13800138000哦"))
    import_tree(imported)
    assert message().text == BLOCK
    spans = excerpts.find_spans(message(), ["canary"], in_original=True)
    foretold = excerpts.show_covered(message(), spans)
    moderation.redact(message(), spans, **why())
    assert message().text == foretold == f"改了：{BLOCK}来了，{BLOCK}又来"


def test_what_was_found_is_read_in_the_original(imported: Path) -> None:
    assert excerpts.read_found(PersonalDataMatch.objects.select_related("message__original").get()) == "13800138000"
