"""The tokeniser: normal form and tokens of a text, the same for both databases.

A text is split into words of Latin letters and digits, runs of Chinese (with kana and hangul), and other visible
characters. Its tokens are the words and their first one and two letters, the characters of runs and pairs of them, and
the other characters.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add

# Longer words are truncated: PostgreSQL rejects lexemes over 2,047 bytes.
LONGEST_WORD = 255

WORD = "0-9a-z\u00df-\u00f6\u00f8-\u02af\u1d00-\u1d25\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1eff\u2c60-\u2c7f"
CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Control and format characters, surrogates, private use; together with `\s`, all invisible characters.
INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\uf8ff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001-\U000e007f\U000f0000-\U0010ffff"
)
PIECE = re.compile(rf"[{WORD}]+|[{CJK}]+|[^\s{WORD}{CJK}{INVISIBLE}]")
LATIN_WORD = re.compile(f"[{WORD}]+")
WORD_CHARACTERS = frozenset("".join(LATIN_WORD.findall("".join(map(chr, range(0x2C80))))))

# Precedes every word in a searchable text, so that a substring match of a term starts where a word starts.
# A lone surrogate, which no stored text contains.
WORD_START = "\ud800"

# Prefix of the tokens for the first one or two letters of a word: a prefix query for one letter would otherwise
# expand to thousands of words.
BEGINNING = "\ue001"
LONGEST_BEGINNING = 2

# Both databases' own tokenizers treat ASCII signs as separators.
ASCII_SIGNS = {chr(code): chr(0xE100 + code) for code in range(0x21, 0x7F) if not chr(code).isalnum()}


# The most common compatibility characters, replaced up front: NFKC is fast only for text that is already normal.
COMMON = (("，", ","), ("？", "?"), ("！", "!"), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"), ("…", "..."))

WORD_BEGINS = re.compile(f"(?<![{WORD}])(?=[{WORD}])")


def normalise(text: str) -> str:
    """Return the text in NFKC, case-folded."""
    if text.isascii():
        return text.lower()
    for wide, narrow in COMMON:
        if wide in text:
            text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text).casefold()


def searchable(text: str) -> str:
    """Return the normal form with word starts marked, in which terms are found as substrings."""
    return WORD_BEGINS.sub(WORD_START, normalise(text))


def tokenise(text: str) -> set[str]:
    tokens: set[str] = set()
    for piece in PIECE.findall(normalise(text)):
        if piece[0] in WORD_CHARACTERS:
            tokens.update((piece[:LONGEST_WORD], BEGINNING + piece[0], BEGINNING + piece[:LONGEST_BEGINNING]))
        elif len(piece) == 1:
            tokens.add(ASCII_SIGNS.get(piece, piece))
        else:
            tokens.update(piece)
            tokens.update(map(add, piece, piece[1:]))
    return tokens
