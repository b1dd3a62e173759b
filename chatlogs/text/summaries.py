"""Shortens messages to one line."""

from __future__ import annotations

from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.quotations import find_quotation


def shorten(text: str, length: int) -> str:
    """Return at most `length` characters, with an ellipsis if cut, without line breaks and quotations."""
    quotation = find_quotation(text)
    said = quotation.reply if quotation else text
    line = " ".join(TOKEN.sub(lambda token: EMOJI[token[1]], said).split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
