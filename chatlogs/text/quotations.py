"""Replies that quote another message, as WeChat's desktop program wrote them into the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

RULE = " ".join("-" * 15)

QUOTATION = re.compile(
    rf"(?:「 ?(?P<whole>.*?) ?」|\? (?P<damaged>.*?) ?\?)\s*{RULE}(?!\s*-)\s*(?P<reply>.*)", re.DOTALL
)
NAME = re.compile(r"(?P<name>[^:：\n]*)[:：] ?(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Who is quoted (`我`, "I", is the quoter), the words quoted, and the reply to them."""

    name: str
    text: str
    reply: str


def find_quotation(text: str) -> Quotation | None:
    """The quotation a text opens with: `「 Name: words 」 - - … - reply`.

    The marks `「` and `」` may be lost to `?`. The rule has exactly 15 dashes.
    """
    if not text.startswith(("「", "? ")) or RULE not in text:
        return None
    match = QUOTATION.fullmatch(text)
    quoted = match and NAME.fullmatch(match["whole"] if match["whole"] is not None else match["damaged"])
    if not match or not quoted:
        return None
    return Quotation(quoted["name"].strip(), quoted["text"].strip(), match["reply"].strip())
