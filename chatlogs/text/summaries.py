"""Shortens messages to one line."""

from __future__ import annotations

from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.quotations import find_quotation


def shorten(text: str, length: int) -> str:
    """Return at most `length` characters, ellipsis included, without line breaks and the quotation of a reply."""
    quotation = find_quotation(text)
    said = quotation.reply if quotation else text
    line = " ".join(TOKEN.sub(lambda token: EMOJI[token[1]], said).split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
