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
    """A text contains the term if its searchable form contains `form`.

    Such a text has all `tokens`. If `is_sure`, each text with all tokens contains the term.
    """

    form: str
    tokens: tuple[Token, ...]
    is_sure: bool

    @property
    def is_han(self) -> bool:
        """Whether a text with a literal `form` contains the term: normalisation does not change Chinese."""
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
    # The index has only short pieces as one token.
    longest = LONGEST_WORD - 1 if normal[0] in WORD_CHARACTERS else 2
    return Term(searchable(normal), tuple(tokens), is_sure=normal == pieces[0] and len(normal) <= longest)


def _tokens(piece: str, *, is_last: bool) -> Iterator[Token]:
    """Yield the tokens of a piece; the last word of a term may continue in the text."""
    if piece[0] in WORD_CHARACTERS:
        if not is_last or len(piece) >= LONGEST_WORD:
            yield Token(piece[:LONGEST_WORD])
        elif len(piece) <= LONGEST_BEGINNING:
            yield Token(BEGINNING + piece)
        else:
            yield Token(piece, is_beginning=True)
    elif len(piece) == 1:
        yield Token(ASCII_SIGNS.get(piece, piece))
    else:
        yield from (Token(piece[place : place + 2]) for place in range(len(piece) - 1))
