"""Pieces of a text that readers see something else for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# Of one length, whatever it stands for: how long a number or a name is tells much.
BLOCK = "███"


class Veil(NamedTuple):
    """What is shown instead of the characters from `start` up to `stop`."""

    start: int
    stop: int
    shown: str = BLOCK


def apply_veils(text: str, veils: Iterable[Veil]) -> str:
    """The text as readers see it. Of veils that overlap, what the first shows stands for all that they cover."""
    pieces = []
    end = 0
    for start, stop, shown in sorted(veil for veil in veils if veil.start < min(veil.stop, len(text))):
        if start >= end:
            pieces += [text[end:start], shown]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])


def cover_all() -> list[Veil]:
    return [Veil(0, 1 << 31)]
