"""Assigns positions: one order over the messages of all rooms."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from chatlogs.models.archive import MAX_MESSAGES_A_SECOND, SEQUENCE_BITS


class TooManyInOneSecond(Exception):
    """One second has more messages, over all rooms, than there are positions."""


@dataclass(slots=True)
class Neighbour:
    """A message of another room, or an erased one, in the same second as messages of this day."""

    message_id: int
    position: int
    room: str


@dataclass(slots=True)
class Placement:
    """The positions of the given messages, in their order, and the new ones of neighbours by id."""

    own: list[int]
    moved: dict[int, int] = field(default_factory=dict)


def seconds_of_day(date: dt.date, zone: ZoneInfo, times: Iterable[dt.time]) -> list[int]:
    """Return Unix times of local times; an hour that a clock change repeats counts once."""
    midnight = dt.datetime.combine(date, dt.time(), zone)
    start = int(midnight.timestamp())
    if midnight.utcoffset() == dt.datetime.combine(date, dt.time.max, zone).utcoffset():
        return [start + time.hour * 3600 + time.minute * 60 + time.second for time in times]
    return [int(dt.datetime.combine(date, time, zone).timestamp()) for time in times]


def place(seconds: Sequence[int], room: str, neighbours: Sequence[Neighbour]) -> Placement:
    """Place one room's messages, given by their Unix times and in order within each second.

    Rooms are ordered by slug within a second, independent of the order of imports; erased messages are last in theirs.
    """
    groups: defaultdict[int, list[Neighbour]] = defaultdict(list)
    for neighbour in sorted(neighbours, key=lambda one: (one.room, one.position)):
        groups[neighbour.position >> SEQUENCE_BITS].append(neighbour)
    placement = Placement(own=[])
    counts: defaultdict[int, int] = defaultdict(int)
    for second in seconds:
        before = sum(neighbour.room < room for neighbour in groups[second]) if second in groups else 0
        placement.own.append((second << SEQUENCE_BITS) + before + counts[second])
        counts[second] += 1
    for second, group in groups.items():
        own = counts[second]
        for sequence, neighbour in enumerate(group):
            after = own if neighbour.room >= room else 0
            position = (second << SEQUENCE_BITS) + sequence + after
            if position != neighbour.position:
                placement.moved[neighbour.message_id] = position
    if any(counts[second] + len(groups.get(second, ())) > MAX_MESSAGES_A_SECOND for second in counts):
        raise TooManyInOneSecond
    return placement
