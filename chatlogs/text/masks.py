"""Pieces of a text that readers see something else for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Of one length, whatever it stands for: how long a number or a name is tells much.
BLOCK = "███"

# Beyond the end of every text: where a mask of a whole text stops.
END_OF_TEXT = 1 << 31


class Mask(NamedTuple):
    """What is shown instead of the characters from `start` up to `stop`."""

    start: int
    stop: int
    shown: str = BLOCK


class Run(NamedTuple):
    """Characters of a text, and what readers see of them."""

    start: int
    stop: int
    shown: str
    is_veiled: bool


def apply_masks(text: str, masks: Iterable[Mask]) -> str:
    """The text as readers see it. Of veils that overlap, what the first shows stands for all that they cover."""
    return "".join(run.shown for run in _split(text, masks))


def find_under_masks(text: str, masks: Iterable[Mask], start: int, stop: int) -> tuple[int, int] | None:
    """Where in the text that stands which readers see from `start` up to `stop`, with the whole of a veil in it."""
    places: list[int] = []
    seen = 0
    for run in _split(text, masks):
        first, last = max(start - seen, 0), min(stop - seen, len(run.shown))
        if first < last:
            places += (run.start, run.stop) if run.is_veiled else (run.start + first, run.start + last)
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
