"""A message on one line: its author and the start of its text."""

from __future__ import annotations

from typing import NamedTuple

from chatlogs.models import Message
from chatlogs.text.summaries import shorten
from chatlogs.web.rendering import name_of_author

LONGEST_LINE = 80


class Line(NamedTuple):
    message: Message
    author: str
    said: str


def line_of(message: Message) -> Line:
    author = name_of_author(message.alias, is_hidden=message.is_author_hidden)
    return Line(message, author, shorten(message.text, LONGEST_LINE) or str(message.get_kind_display()))
