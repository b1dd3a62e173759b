"""Search terms: words and exact phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chatlogs.search.tokens import (
    ASCII_SIGNS,
    BEGINNING,
    LONGEST_BEGINNING,
    LONGEST_WORD,
    PIECE,
    WORD_CHARACTERS,
    normalise,
    searchable,
)

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")


class Token(NamedTuple):
    """A token of the index; with `is_beginning`, all tokens that start with it."""

    text: str
    is_beginning: bool = False


class Term(NamedTuple):
    """`form` is a substring of the searchable form of exactly the texts that contain the term.

    Every text with the term has all `tokens`; if `is_sure`, every text with all tokens has the term.
    """

    form: str
    tokens: tuple[Token, ...]
    is_sure: bool

    @property
    def is_han(self) -> bool:
        """Whether a text contains the term if it contains `form` literally: normalisation leaves Chinese as it is."""
        return HAN.fullmatch(self.form) is not None

    def occurs_in(self, searchable_text: str) -> bool:
        return self.form in searchable_text


def make_term(text: str) -> Term | None:
    """Return the term for a word or phrase; None if it has no visible character."""
    normal = normalise(text.strip()).strip()
    pieces = PIECE.findall(normal)
    if not pieces:
        return None
    ends_in_word = normal[-1] in WORD_CHARACTERS
    tokens = dict.fromkeys(
        token
        for place, piece in enumerate(pieces)
        for token in _tokens(piece, is_last=ends_in_word and place == len(pieces) - 1)
    )
    return Term(searchable(normal), tuple(tokens), is_sure=normal == pieces[0] and _is_token(normal))


def _is_token(piece: str) -> bool:
    """Return whether the index has the whole piece as one token, or as the beginning of one."""
    return len(piece) < LONGEST_WORD if piece[0] in WORD_CHARACTERS else len(piece) <= 2


def _tokens(piece: str, *, is_last: bool) -> Iterator[Token]:
    """Yield the tokens of a piece; the last word of a term may continue in the text."""
    if piece[0] in WORD_CHARACTERS:
        yield _word(piece, is_last=is_last)
    elif len(piece) == 1:
        yield Token(ASCII_SIGNS.get(piece, piece))
    else:
        yield from (Token(piece[place : place + 2]) for place in range(len(piece) - 1))


def _word(word: str, *, is_last: bool) -> Token:
    if not is_last or len(word) >= LONGEST_WORD:
        return Token(word[:LONGEST_WORD])
    if len(word) <= LONGEST_BEGINNING:
        return Token(BEGINNING + word)
    return Token(word, is_beginning=True)
