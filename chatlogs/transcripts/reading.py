"""The entry point of the parsers: bytes in, a Transcript out."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from chatlogs.transcripts.formats import FORMATS
from chatlogs.transcripts.records import Entry, FrontMatter, Kind, Problem, Transcript
from chatlogs.transcripts.sniffing import find_refusal

# Increase it whenever a parser makes something else of the same bytes: the import then reads every file again.
PARSER_VERSION = 2

# A hundred times the largest real day.
MAX_FILE_BYTES = 16 * 1024 * 1024


def read(stream: BinaryIO, room: str, date: dt.date | None = None, *, encoding: str = "utf-8") -> Transcript:
    """Parse one day of a room.

    `date` is the date in the file's name, if any; a different one in the file is an error. `encoding` is one of
    `sniffing.ENCODINGS`. Problems with the content are in `Transcript.errors`; only errors of the stream itself
    (OSError) are raised. Of a file over MAX_FILE_BYTES, only the beginning is read and kept.
    """
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        problem = Problem(0, "file_too_large", f"over {MAX_FILE_BYTES // 1024**2} MiB", is_error=True)
    elif refusal := find_refusal(data, encoding):
        problem = refusal
    else:
        for candidate in FORMATS:
            if candidate.matches(data):
                return candidate.parse(data, room, date, encoding)
        openings = " or ".join(candidate.OPENING for candidate in FORMATS)
        problem = Problem(1, "no_front_matter", f"does not begin with {openings}", is_error=True)
    return Transcript(room, date, FrontMatter(data), problems=(problem,))


def read_entry(source: bytes, encoding: str = "utf-8") -> Entry:
    """Parse one message from its exact bytes (`Entry.source`), by the first format that recognises them."""
    for candidate in FORMATS:
        entry = candidate.parse_entry(source, encoding)
        if entry is not None:
            return entry
    return Entry(1, dt.time(), "", source, Kind.TEXT, source.decode(encoding, "replace"))


def rewrite_entry(entry: Entry, text: str, encoding: str = "utf-8") -> Entry | None:
    """Replace the text of a message, in its format. Returns None if the format cannot express it."""
    if entry.kind is not Kind.TEXT:
        return None
    for candidate in FORMATS:
        if candidate.parse_entry(entry.source, encoding) is not None:
            source = candidate.rewrite_text(entry.source, text, encoding)
            return entry._replace(source=source, text=text) if source is not None else None
    return None
