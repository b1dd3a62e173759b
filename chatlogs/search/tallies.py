"""How many of the found messages are of each room, kind, name and span of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chatlogs.search.lookups import KINDS


@dataclass(slots=True)
class Tally:
    """Counts, by the values asked for; `spans[n]` counts from `bounds[n]` up to `bounds[n + 1]`."""

    rooms: dict[int, int]
    kinds: dict[str, int]
    aliases: dict[int, int]
    bounds: Sequence[int]
    spans: list[int] = field(default_factory=list)


def make_tally(rooms: Iterable[int], aliases: Iterable[int], bounds: Sequence[int]) -> Tally:
    return Tally(
        rooms=dict.fromkeys(rooms, 0),
        kinds=dict.fromkeys(KINDS, 0),
        aliases=dict.fromkeys(aliases, 0),
        bounds=bounds,
        spans=[0] * max(0, len(bounds) - 1),
    )
