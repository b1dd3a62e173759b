"""What a file is, from its bytes: kindly refusing what is no transcript at all."""

from __future__ import annotations

import codecs
import re

from chatlogs.transcripts.records import Problem

# Encodings in which a line break, a space and `>` are always those single bytes, and never part of
# another character: a text may be cut there before it is decoded.
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

# Bytes: a chapter of text tells as much as a whole book.
GUESSED_FROM = 64 * 1024


def find_refusal(data: bytes, encoding: str) -> Problem | None:
    """Why these bytes cannot be a text in this encoding, or None."""
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
    """The line, counted from 1, that the byte at this offset stands in."""
    return data.count(b"\n", 0, offset) + 1


def _find_undecodable(data: bytes, encoding: str) -> Problem | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = line_at(data, error.start)
        if encoding == "utf-8" and _is_surrogate(data, error.start):
            return Problem(line, "lone_surrogate", "half of a surrogate pair", is_error=True)
        looks = "" if encoding != "utf-8" else _guess(data, error.start)
        return Problem(line, "not_decodable", f"not {encoding}{looks}", is_error=True)
    if encoding != "utf-8" and SURROGATE.search(text):
        return Problem(0, "lone_surrogate", "half of a surrogate pair", is_error=True)
    return None


def _is_surrogate(data: bytes, start: int) -> bool:
    return data[start] == 0xED and 0xA0 <= (data[start + 1 : start + 2] or b"\0")[0] <= 0xBF


def _guess(data: bytes, start: int) -> str:
    """The legacy encoding in which the lines from here on read as Chinese, in words for the operator."""
    first = data.rfind(b"\n", 0, start) + 1
    sample = data[first : first + GUESSED_FROM]
    as_it_is = sample.decode("utf-8", "replace")
    if len(CHINESE.findall(as_it_is)) > as_it_is.count("\ufffd"):
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
