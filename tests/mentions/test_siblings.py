"""Mentioned names resolved by equal ones."""

from __future__ import annotations

from chatlogs.mentions.directory import UNKNOWN, Meaning, Method, find_siblings
from chatlogs.models import MentionedName

TEA, WINE = 1, 2
MEANT = 7

Name = tuple[str, int, Meaning]


def siblings(*names: Name) -> dict[int, Meaning]:
    """Return the resolved names by index."""
    rows = {place: MentionedName(pk=place, text=text, room_id=room) for place, (text, room, _) in enumerate(names)}
    return find_siblings(rows, {place: meaning for place, (*_, meaning) in enumerate(names)})


def understood(text: str, room: int = TEA, alias_id: int = MEANT) -> Name:
    return text, room, Meaning(alias_id, Method.LEARNED)


def unknown(text: str, room: int = TEA) -> Name:
    return text, room, UNKNOWN


def test_the_same_person_in_the_room_is_meant_probably() -> None:
    assert siblings(understood("江月-产品"), unknown("江月-测试")) == {1: Meaning(MEANT, Method.SIBLING, False)}


def test_the_order_makes_no_difference() -> None:
    assert siblings(unknown("江月-测试"), understood("江月-产品")) == {0: Meaning(MEANT, Method.SIBLING, False)}


def test_the_same_person_in_another_room_is_not_enough() -> None:
    assert siblings(understood("江月-产品", WINE), unknown("江月-测试")) == {}


def test_the_same_name_in_another_room_is_enough() -> None:
    assert siblings(understood("Momo-产品", WINE), unknown("momo 产品")) == {1: Meaning(MEANT, Method.SIBLING, False)}


def test_two_who_are_meant_by_it_are_nobody() -> None:
    assert siblings(understood("江月-产品"), understood("江月-杭州", alias_id=8), unknown("江月-测试")) == {}


def test_the_room_goes_before_other_rooms() -> None:
    names = understood("江月-产品"), understood("江月-测试", WINE, alias_id=8), unknown("江月-测试")
    assert siblings(*names)[2].alias_id == MEANT


def test_resolved_names_are_unchanged() -> None:
    assert siblings(understood("江月-产品"), understood("江月-测试", alias_id=8)) == {}


def test_everybody_and_who_was_said_to_be_nobody_have_no_siblings() -> None:
    nobody = "江月-测试", TEA, Meaning(None, Method.CHOSEN, True)
    everybody = "所有人", TEA, Meaning(None, Method.EVERYBODY, True)
    assert siblings(understood("江月-产品"), understood("所有人"), nobody, everybody) == {}


def test_siblings_of_siblings_are_not_meant() -> None:
    names = understood("江月-产品"), unknown("Momo（江月）"), unknown("Momo-测试")
    assert siblings(*names).keys() == {1}
