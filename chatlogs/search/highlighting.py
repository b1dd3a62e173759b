"""Finds the terms of a search in a text, for highlighting. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from chatlogs.search.terms import Term
from chatlogs.search.tokens import WORD_CHARACTERS, WORD_START, normalise, searchable

Span = tuple[int, int]


class Marker:
    def __init__(self, terms: Sequence[Term]) -> None:
        self._forms = [term.form for term in terms]

    def find_spans(self, text: str) -> list[Span]:
        """Return (start, end) of each occurrence of a term, merged where they touch."""
        form = searchable(text)
        if not any(term in form for term in self._forms):
            return []
        places = _places_in_text(text, form)
        if not places:
            return []
        found = []
        for term in self._forms:
            start = form.find(term)
            while start >= 0:
                found.append((places[start], places[start + len(term) - 1] + 1))
                start = form.find(term, start + 1)
        spans: list[Span] = []
        for start, end in sorted(found):
            while end < len(text) and _is_combining(text[end]):
                end += 1
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        return spans


def _places_in_text(text: str, form: str) -> list[int]:
    """Return, for each character of the searchable form, its index in the text.

    Return [] if it is unknown: in some scripts, normalisation depends on neighbouring characters.
    """
    normal: list[str] = []
    origins: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _is_combining(text[end]):
            continue
        piece = normalise(text[start:end])
        normal.append(piece)
        origins += [start] * len(piece)
        start = end
    joined = "".join(normal)
    if joined != form.replace(WORD_START, ""):
        return []
    places = []
    before = ""
    for character, origin in zip(joined, origins, strict=True):
        if character in WORD_CHARACTERS and before not in WORD_CHARACTERS:
            places.append(origin)
        places.append(origin)
        before = character
    return places


def _is_combining(character: str) -> bool:
    """Return whether the character may compose with the one before: a mark, or a later letter of a Korean syllable."""
    return unicodedata.combining(character) > 0 or character in "ﾞﾟ" or "\u1160" <= character <= "\u11ff"
