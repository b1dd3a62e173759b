"""Masks parts of texts. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# The same for all masks: it must not reveal the length of the masked text.
BLOCK = "███"

# The end of a mask of a whole text.
END_OF_TEXT = 1 << 31


class Mask(NamedTuple):
    """`shown` replaces the characters from `start` to `stop`."""

    start: int
    stop: int
    shown: str = BLOCK


class Run(NamedTuple):
    """A part of a text and its replacement."""

    start: int
    stop: int
    shown: str
    is_masked: bool


def apply_masks(text: str, masks: Iterable[Mask]) -> str:
    """Return the masked text. Overlapping masks are merged, with the replacement of the first."""
    return "".join(run.shown for run in _split(text, masks))


def find_under_masks(text: str, masks: Iterable[Mask], start: int, stop: int) -> tuple[int, int] | None:
    """Map offsets in the masked text to offsets in the text, widened to whole masks. None if the range is empty."""
    places: list[int] = []
    seen = 0
    for run in _split(text, masks):
        first, last = max(start - seen, 0), min(stop - seen, len(run.shown))
        if first < last:
            places += (run.start, run.stop) if run.is_masked else (run.start + first, run.start + last)
        seen += len(run.shown)
    return (places[0], places[-1]) if places else None


def _split(text: str, masks: Iterable[Mask]) -> list[Run]:
    runs: list[Run] = []
    end = 0
    for start, stop, shown in sorted(mask for mask in masks if mask.start < min(mask.stop, len(text))):
        if start >= end:
            runs += [Run(end, start, text[end:start], False), Run(start, min(stop, len(text)), shown, True)]
        elif stop > end:
            runs[-1] = runs[-1]._replace(stop=min(stop, len(text)))
        end = max(end, stop)
    return [*runs, Run(end, len(text), text[end:], False)]


def cover_all() -> list[Mask]:
    return [Mask(0, END_OF_TEXT)]
