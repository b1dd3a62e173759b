"""The transcript formats: one module each, listed in FORMATS."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from chatlogs.transcripts.formats import wechat_markdown
from chatlogs.transcripts.records import Entry, Transcript


class Format(Protocol):
    """The interface of a format module."""

    @property
    def EXTENSIONS(self) -> tuple[str, ...]:
        """Endings of file names, in lower case and with the dot."""

    @property
    def OPENING(self) -> str:
        """What a file begins with, in words for the operator."""

    def matches(self, data: bytes) -> bool:
        """Whether a file that begins with these bytes has this format."""

    def parse(self, data: bytes, room: str, date: dt.date | None, encoding: str) -> Transcript:
        """Parse a file. Never raises; `date` is the date in the file's name, or None."""

    def parse_entry(self, source: bytes, encoding: str) -> Entry | None:
        """Parse one entry from the bytes that `parse` cut for it, or return None if they are of another format."""

    def rewrite_text(self, source: bytes, text: str, encoding: str) -> bytes | None:
        """Return the bytes of an entry with another text, or None if they would be parsed differently."""


FORMATS: tuple[Format, ...] = (wechat_markdown,)

EXTENSIONS = tuple(sorted({extension for each in FORMATS for extension in each.EXTENSIONS}))
