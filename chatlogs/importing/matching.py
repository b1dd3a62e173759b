"""Matches the messages of a changed transcript with those of the previous version."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence

from chatlogs.transcripts import Entry

Matches = list[int | None]


def match(old: Sequence[Entry], new: Sequence[Entry], live: int | None = None) -> Matches:
    """Return the index of the matching old entry for each new one, or None.

    The first `live` old entries (by default all) are in file order; the others were withdrawn before and may return.
    Entries match by time, sender and content; else by time and sender in file order (the text was corrected); else by
    content next to a matched entry (the time or the name was corrected).
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
                place = matches[index] = places.popleft()
                free[place] = False


def _match_beside(old: Sequence[Entry], new: Sequence[Entry], matches: Matches, free: list[bool], step: int) -> None:
    """Match entries of equal content that follow a matched entry (`step` 1), or precede one (`step` -1)."""
    indexes = range(len(new)) if step == 1 else range(len(new) - 1, -1, -1)
    neighbour: int | None = -1 if step == 1 else len(old)
    for index in indexes:
        if matches[index] is None and neighbour is not None:
            place = neighbour + step
            if 0 <= place < len(old) and free[place] and _content(old[place]) == _content(new[index]):
                matches[index] = place
                free[place] = False
        neighbour = matches[index]
