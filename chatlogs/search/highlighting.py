"""Finds the terms of a search in a text, for highlighting. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

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
        spans = sorted(
            (places[start], places[end - 1] + 1) for term in self._forms for start, end in _occurrences(term, form)
        )
        return _joined(_widened(spans, text))


def _occurrences(term: str, form: str) -> Iterator[Span]:
    start = form.find(term)
    while start >= 0:
        yield start, start + len(term)
        start = form.find(term, start + 1)


def _places_in_text(text: str, form: str) -> list[int]:
    """Return, for each character of the searchable form, its index in the text.

    Empty where that is unknown: in some scripts, normalisation depends on neighbouring characters.
    """
    normal: list[str] = []
    origins: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _goes_on(text[end]):
            continue
        piece = normalise(text[start:end])
        normal.append(piece)
        origins += [start] * len(piece)
        start = end
    joined = "".join(normal)
    if joined != form.replace(WORD_START, ""):
        return []
    return [*_with_word_starts(joined, origins)]


def _goes_on(character: str) -> bool:
    """Return whether the character may compose with the one before: a mark, or a later letter of a Korean syllable."""
    return unicodedata.combining(character) > 0 or character in "ﾞﾟ" or "\u1160" <= character <= "\u11ff"


def _with_word_starts(normal: str, origins: Sequence[int]) -> Iterator[int]:
    before = ""
    for character, origin in zip(normal, origins, strict=True):
        if character in WORD_CHARACTERS and before not in WORD_CHARACTERS:
            yield origin
        yield origin
        before = character


def _widened(spans: Sequence[Span], text: str) -> Iterator[Span]:
    for start, end in spans:
        while end < len(text) and _goes_on(text[end]):
            end += 1
        yield start, end


def _joined(spans: Iterator[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
