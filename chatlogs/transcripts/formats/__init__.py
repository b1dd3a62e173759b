"""The formats of transcripts that can be read: one module each, and its entry here."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from chatlogs.transcripts.formats import wechat_markdown
from chatlogs.transcripts.records import Entry, Transcript


class Format(Protocol):
    """What a module in this folder offers."""

    def matches(self, data: bytes) -> bool:
        """Whether the first lines are of this format."""

    def parse(self, data: bytes, room: str, date: dt.date | None, encoding: str) -> Transcript:
        """Never raises; `date` is what the file's name says, or None."""

    def parse_entry(self, source: bytes, encoding: str) -> Entry:
        """One entry from its own exact bytes, as `parse` once cut them."""

    def rewrite_text(self, source: bytes, text: str, encoding: str) -> bytes | None:
        """The bytes of the same entry with another text; None where they would not be read as that."""


FORMATS: tuple[Format, ...] = (wechat_markdown,)
