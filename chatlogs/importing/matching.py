"""Which message of a changed transcript is which message of the one before."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from chatlogs.transcripts import Entry

Matches = list[int | None]


def match(old: Sequence[Entry], new: Sequence[Entry], live: int | None = None) -> Matches:
    """For each new entry the index of the old one that it is, or None.

    The first `live` old entries (all of them by default) stand in file order; those after were
    withdrawn before, and may return. Equal time, sender and content match first; then time and
    sender, in file order, for a corrected text; then the content, next to something matched, for a
    corrected time or name.
    """
    matches: Matches = [None] * len(new)
    free = [True] * len(old)
    _match_by(lambda entry: (entry.time, entry.sender, _content(entry)), old, new, matches, free)
    _match_by(lambda entry: (entry.time, entry.sender), old, new, matches, free)
    live_entries = old if live is None else old[:live]
    _match_beside(live_entries, new, matches, free, step=1)
    _match_beside(live_entries, new, matches, free, step=-1)
    return matches


def _content(entry: Entry) -> Hashable:
    return entry.kind, entry.text, entry.link, entry.image


def _match_by(
    identity: Callable[[Entry], Hashable],
    old: Sequence[Entry],
    new: Sequence[Entry],
    matches: Matches,
    free: list[bool],
) -> None:
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place, entry in enumerate(old):
        if free[place]:
            waiting[identity(entry)].append(place)
    for index, entry in enumerate(new):
        if matches[index] is None:
            places = waiting.get(identity(entry))
            if places:
                _take(places.popleft(), index, matches, free)


def _match_beside(old: Sequence[Entry], new: Sequence[Entry], matches: Matches, free: list[bool], step: int) -> None:
    """Walk the new entries; try the old one that follows what the entry before was matched with."""
    indexes = range(len(new)) if step == 1 else range(len(new) - 1, -1, -1)
    neighbour: int | None = -1 if step == 1 else len(old)
    for index in indexes:
        if matches[index] is None and neighbour is not None:
            place = neighbour + step
            if 0 <= place < len(old) and free[place] and _content(old[place]) == _content(new[index]):
                _take(place, index, matches, free)
        neighbour = matches[index]


def _take(place: int, index: int, matches: Matches, free: list[bool]) -> None:
    matches[index] = place
    free[place] = False
