"""Replies that quote another message, as WeChat's desktop program wrote them into the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

RULE = " ".join("-" * 15)

# A reply may begin with a minus sign; a longer rule is somebody's own drawing.
RULED = rf"\s*{RULE}(?!-|\s*-(?:\s|\Z))"

BRACKET = re.compile(rf"「|」(?P<ruled>{RULED})?")
DAMAGED_END = re.compile(rf"\?{RULED}")
NAME = re.compile(r"(?P<name>[^:：\n]*)[:：](?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Who is quoted (`我`, "I", is the quoter), the words quoted, and the reply to them."""

    name: str
    text: str
    reply: str


def find_quotation(text: str) -> Quotation | None:
    """The quotation a text opens with: `「 Name: words 」 - - … - reply`.

    The marks `「` and `」` may be lost to `?`. The rule has exactly 15 dashes. Who quotes a quotation
    is the outermost: the words are then a quotation again.
    """
    if RULE not in text:
        return None
    text = text.strip()
    end = _find_end(text)
    quoted = end and NAME.fullmatch(text, 1, end.start())
    if not end or not quoted:
        return None
    return Quotation(quoted["name"].strip(), quoted["text"].strip(), text[end.end() :].strip())


def _find_end(text: str) -> re.Match[str] | None:
    if text.startswith("「"):
        return _find_closing_bracket(text)
    if text.startswith("? "):
        return DAMAGED_END.search(text, 1)
    return None


def _find_closing_bracket(text: str) -> re.Match[str] | None:
    """The one before a rule that closes the first; the first before a rule where they do not add up."""
    depth = 0
    first = None
    for bracket in BRACKET.finditer(text):
        depth += 1 if bracket[0] == "「" else -1
        if bracket["ruled"]:
            if depth == 0:
                return bracket
            first = first or bracket
    return first
