"""Recognises files that are not text, or not in the expected encoding, and explains why they are refused."""

from __future__ import annotations

import codecs
import re

from chatlogs.transcripts.records import Problem

# In these encodings the bytes of a line break, a space and `>` are never part of another character, so that a text
# can be cut there before it is decoded.
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "big5hkscs")

SIGNATURES = {
    b"\x1f\x8b": ("gzip", "a gzip archive; unpack it first"),
    b"PK\x03\x04": ("zip", "a zip archive or office document"),
    b"BZh": ("bzip2", "a bzip2 archive; unpack it first"),
    b"\xfd7zXZ": ("xz", "an xz archive; unpack it first"),
    b"%PDF": ("pdf", "a PDF document"),
    b"\x89PNG": ("png", "a PNG image"),
    b"\xff\xd8\xff": ("jpeg", "a JPEG image"),
    b"GIF8": ("gif", "a GIF image"),
    b"SQLite format 3": ("sqlite", "an SQLite database"),
    b"\x7fELF": ("elf", "a program"),
    b"\xff\xfe": ("utf_16", "UTF-16 text; save it as UTF-8"),
    b"\xfe\xff": ("utf_16", "UTF-16 text; save it as UTF-8"),
}

SURROGATE = re.compile("[\ud800-\udfff]")
CHINESE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")

GUESS_SAMPLE_BYTES = 64 * 1024


def find_refusal(data: bytes, encoding: str) -> Problem | None:
    """Return why these bytes are not a text in this encoding, or None."""
    if not data:
        return Problem(0, "empty_file", "the file is empty", is_error=True)
    for signature, (code, description) in SIGNATURES.items():
        if data.startswith(signature):
            return Problem(0, f"looks_like_{code}", f"looks like {description}", is_error=True)
    nul = data.find(b"\0")
    if nul >= 0:
        return Problem(line_at(data, nul), "nul_character", "a NUL character: binary data?", is_error=True)
    return _find_undecodable(data, encoding)


def line_at(data: bytes, offset: int) -> int:
    """Return the line number, from 1, of the byte at this offset."""
    return data.count(b"\n", 0, offset) + 1


def _find_undecodable(data: bytes, encoding: str) -> Problem | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = line_at(data, error.start)
        first, second = (*data[error.start : error.start + 2], 0)[:2]
        if encoding == "utf-8" and first == 0xED and 0xA0 <= second <= 0xBF:
            return Problem(line, "lone_surrogate", "half of a surrogate pair", is_error=True)
        looks = "" if encoding != "utf-8" else _guess(data, error.start)
        return Problem(line, "not_decodable", f"not {encoding}{looks}", is_error=True)
    if encoding != "utf-8" and SURROGATE.search(text):
        return Problem(0, "lone_surrogate", "half of a surrogate pair", is_error=True)
    return None


def _guess(data: bytes, start: int) -> str:
    """Return a hint for the operator: the legacy encoding in which the following lines are Chinese."""
    first = data.rfind(b"\n", 0, start) + 1
    sample = data[first : first + GUESS_SAMPLE_BYTES]
    lenient = sample.decode("utf-8", "replace")
    if len(CHINESE.findall(lenient)) > lenient.count("\ufffd"):
        return "; it is, but for a few bytes: damaged?"
    for encoding in ("gb18030", "big5"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        letters = sum(character > "\x7f" for character in text)
        if len(CHINESE.findall(text)) > 0.8 * letters:
            return f"; looks like {encoding}: pass --encoding {encoding} to import it so"
    return "; no encoding that fits was found"
