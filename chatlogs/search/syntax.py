"""Parses the search box: words, "exact words", -without, and operators. Pure.

An operator is a name, a colon and a value: `from:江月`, `日期:2018-03`. With an unknown name or an invalid value
it is a word; no input is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.dates import read_dates
from chatlogs.search.terms import Term, make_term
from chatlogs.search.tokens import normalise


class Operator(StrEnum):
    FROM = "from"
    ROOM = "room"
    MENTIONS = "mentions"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    HAS = "has"


# Typed name -> an Operator, or the name of an attribute.
OPERATORS: dict[str, str] = {
    "from": Operator.FROM, "来自": Operator.FROM, "发言人": Operator.FROM,
    "room": Operator.ROOM, "群": Operator.ROOM,
    "mentions": Operator.MENTIONS, "提到": Operator.MENTIONS,
    "before": Operator.BEFORE, "早于": Operator.BEFORE, "之前": Operator.BEFORE,
    "after": Operator.AFTER, "自": Operator.AFTER, "之后": Operator.AFTER,
    "on": Operator.ON, "日期": Operator.ON,
    "has": Operator.HAS, "含": Operator.HAS,
    **{typed: attribute.name for attribute in ATTRIBUTES.values() for typed in attribute.operators},
}  # fmt: skip

HAS = {"link": "link", "链接": "link", "image": "image", "图片": "image"}

QUOTES = {'"': '"', "＂": "＂", "“": "”", "”": "”", "„": "“"}
OPENING = "".join(QUOTES)
SIGN = re.compile(r"[-－−]")
NAME = re.compile(r"(\w+)[:：]")
BARE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Item:
    """A word or an operator with its value. `operator` is a value of OPERATORS, None for words."""

    typed: str
    value: str
    operator: str | None = None
    is_excluded: bool = False
    is_misread: bool = False
    """Looks like an operator, but its value is invalid, or it is excluded, which operators cannot be."""


@dataclass(frozen=True)
class Query:
    items: Sequence[Item]

    @cached_property
    def wanted(self) -> tuple[Term, ...]:
        return self._terms(is_excluded=False)

    @cached_property
    def unwanted(self) -> tuple[Term, ...]:
        return self._terms(is_excluded=True)

    def values(self, operator: str) -> list[str]:
        return [item.value for item in self.items if item.operator == operator]

    def without(self, place: int) -> str:
        return " ".join(item.typed for other, item in enumerate(self.items) if other != place)

    def _terms(self, *, is_excluded: bool) -> tuple[Term, ...]:
        words = (item.value for item in self.items if not item.operator and item.is_excluded is is_excluded)
        return tuple(dict.fromkeys(term for term in map(make_term, words) if term))


def parse(typed: str, is_room: Callable[[str], bool] = bool) -> Query:
    """Parse the input. `is_room` returns whether a name matches a room."""
    items = []
    place = 0
    while bare := BARE.search(typed, place):
        start = bare.start()
        sign = SIGN.match(typed, start)
        is_excluded = bool(sign and BARE.match(typed, sign.end()))
        begins = start + is_excluded
        name = NAME.match(typed, begins)
        operator = OPERATORS.get(normalise(name[1])) if name else None
        if operator and name:
            value, place = _read_value(typed, name.end())
            valid = "" if is_excluded else _read_operand(operator, value, is_room)
            if valid:
                item = Item(typed[start:place], valid, operator)
            else:
                item = Item(typed[start:place], typed[begins:place], None, is_excluded, is_misread=bool(value))
        else:
            value, place = _read_value(typed, begins)
            item = Item(typed[start:place], value, None, is_excluded)
        if item.operator or make_term(item.value):
            items.append(item)
    return Query(items)


def _read_value(typed: str, start: int) -> tuple[str, int]:
    """Return a value, in quotes or up to the next space, and the index after it."""
    if typed[start : start + 1] in QUOTES:
        end = typed.find(QUOTES[typed[start]], start + 1)
        end = len(typed) if end < 0 else end
        return typed[start + 1 : end], min(end + 1, len(typed))
    bare = BARE.match(typed, start)
    return (bare[0], bare.end()) if bare else ("", start)


def _read_operand(operator: str, value: str, is_room: Callable[[str], bool]) -> str:
    """Return the value in the form of the operator's form field, or "" if it is invalid."""
    value = value.strip()
    if operator in ATTRIBUTES:
        return ATTRIBUTES[operator].parse(value)
    if operator == Operator.HAS:
        return HAS.get(normalise(value), "")
    if operator in (Operator.BEFORE, Operator.AFTER, Operator.ON):
        return value if read_dates(value) else ""
    if operator == Operator.ROOM:
        return value if is_room(value) else ""
    return value if make_term(value) else ""
