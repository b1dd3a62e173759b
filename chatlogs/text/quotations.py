"""Parses replies that quote another message, as WeChat's desktop client writes them into the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

RULE = " ".join("-" * 15)

# A reply may begin with a minus sign; a longer rule does not end a quotation.
RULED = rf"\s*{RULE}(?!-|\s*-(?:\s|\Z))"

BRACKET = re.compile(rf"「|」(?P<ruled>{RULED})?")
DAMAGED_END = re.compile(rf"\?{RULED}")
NAME = re.compile(r"(?P<name>[^:：\n]*)[:：](?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Quotation:
    """`name` is the quoted sender; `我` is the sender of the reply."""

    name: str
    text: str
    reply: str


def find_quotation(text: str) -> Quotation | None:
    """Return the quotation at the beginning of a text: `「 Name: words 」 - - … - reply`.

    The export may have replaced `「` and `」` by `?`. The rule has exactly 15 dashes. The words may
    be a quotation again.
    """
    if RULE not in text:
        return None
    text = text.strip()
    if text.startswith("「"):
        end = _find_closing_bracket(text)
    else:
        end = DAMAGED_END.search(text, 1) if text.startswith("? ") else None
    quoted = end and NAME.fullmatch(text, 1, end.start())
    if not end or not quoted:
        return None
    return Quotation(quoted["name"].strip(), quoted["text"].strip(), text[end.end() :].strip())


def _find_closing_bracket(text: str) -> re.Match[str] | None:
    """Return the bracket before a rule that closes the first one, or else the first bracket before a rule."""
    depth = 0
    first = None
    for bracket in BRACKET.finditer(text):
        depth += 1 if bracket[0] == "「" else -1
        if bracket["ruled"]:
            if depth == 0:
                return bracket
            first = first or bracket
    return first
