"""The one door: bytes in, a Transcript out, whatever the bytes are."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from chatlogs.transcripts.formats import FORMATS, Format
from chatlogs.transcripts.records import Entry, FrontMatter, Kind, Problem, Transcript
from chatlogs.transcripts.sniffing import find_refusal

# Rises with every change of what the parser makes of the same bytes: files are then read again.
PARSER_VERSION = 2

# A hundred times the largest real day.
MAX_FILE_BYTES = 16 * 1024 * 1024


def read(stream: BinaryIO, room: str, date: dt.date | None = None, *, encoding: str = "utf-8") -> Transcript:
    """Read one room's day. Never raises for what the bytes are: see `Transcript.errors`.

    `date` is what the file's name says, if anything: another one in the file is an error.
    `encoding` is one of `sniffing.ENCODINGS`. Errors of the stream itself (OSError) pass through.
    Of a file over MAX_FILE_BYTES only the beginning is read, and kept.
    """
    data = stream.read(MAX_FILE_BYTES + 1)
    problem = _refusal(data, encoding)
    if problem:
        return Transcript(room, date, FrontMatter(data), problems=(problem,))
    chosen = _choose_format(data)
    assert chosen is not None, "a file of no known format was refused above"
    return chosen.parse(data, room, date, encoding)


def read_entry(source: bytes, encoding: str = "utf-8") -> Entry:
    """One message from its own exact bytes (`Entry.source`)."""
    return FORMATS[0].parse_entry(source, encoding)


def rewrite_entry(entry: Entry, text: str, encoding: str = "utf-8") -> Entry | None:
    """The message with other words, written as its format writes them; None where that cannot be."""
    source = FORMATS[0].rewrite_text(entry.source, text, encoding) if entry.kind is Kind.TEXT else None
    return entry._replace(source=source, text=text) if source is not None else None


def _refusal(data: bytes, encoding: str) -> Problem | None:
    if len(data) > MAX_FILE_BYTES:
        return Problem(0, "file_too_large", f"over {MAX_FILE_BYTES // 1024**2} MiB", is_error=True)
    refusal = find_refusal(data, encoding)
    if refusal is None and _choose_format(data) is None:
        return Problem(1, "no_front_matter", "does not begin with front matter (---)", is_error=True)
    return refusal


def _choose_format(data: bytes) -> Format | None:
    return next((candidate for candidate in FORMATS if candidate.matches(data)), None)
