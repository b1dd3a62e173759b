"""Who answers to a name more often than chance would have it. No ORM."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

# How far around a mention somebody is looked for who answers, or whom it answers: messages, and seconds.
WINDOW = 15
WINDOW_SECONDS = 60 * 60

FEWEST_OCCURRENCES = 3

# Who is meant is there this often, and this many standard deviations more often than by chance;
# the next one by so much less.
LEAST_SHARE = 0.5
LEAST_SURPRISE = 4.0
LEAST_LEAD = 1.15

# Of those who mention a name, nobody is who is meant that often.
MOST_OWN = 0.2


@dataclass(frozen=True, slots=True)
class Spoken:
    """A room's day: who spoke, by member (0 for nobody), and when, in order; seconds since 1970."""

    members: Sequence[int]
    seconds: Sequence[int]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A mention: by whom, in which month, who else is around it, and in how many messages."""

    asker: int
    month: int
    present: frozenset[int]
    size: int


def look_around(day: Spoken, place: int, month: int) -> Occurrence:
    """The surroundings of the message at a place of the day."""
    asker, second = day.members[place], day.seconds[place]
    around = [
        day.members[other]
        for other in range(max(0, place - WINDOW), min(len(day.members), place + WINDOW + 1))
        if abs(day.seconds[other] - second) <= WINDOW_SECONDS and day.members[other] != asker
    ]
    return Occurrence(asker, month, frozenset(around) - {0}, len(around))


def find_answerer(occurrences: Sequence[Occurrence], shares: Mapping[int, Mapping[int, float]]) -> int | None:
    """The member who is meant; None where nobody is there often enough.

    `shares` gives each member's share of a month's messages in the room: how likely it is to be there by chance.
    """
    if len(occurrences) < FEWEST_OCCURRENCES:
        return None
    seen = Counter(member for occurrence in occurrences for member in occurrence.present)
    own = Counter(occurrence.asker for occurrence in occurrences)
    needed = max(FEWEST_OCCURRENCES - 1, LEAST_SHARE * len(occurrences))
    surprises = sorted(
        ((_surprise(member, count, occurrences, shares), member) for member, count in seen.items() if count >= needed),
        reverse=True,
    )
    if not surprises:
        return None
    surprise, member = surprises[0]
    rival = max(surprises[1][0], 0.0) if len(surprises) > 1 else 0.0
    is_clear = surprise >= LEAST_SURPRISE and surprise >= LEAST_LEAD * rival
    return member if is_clear and own[member] <= MOST_OWN * len(occurrences) else None


def _surprise(
    member: int, count: int, occurrences: Sequence[Occurrence], shares: Mapping[int, Mapping[int, float]]
) -> float:
    """By how many standard deviations the member is there more often than its shares of the messages would have it."""
    expected = variance = 0.0
    for occurrence in occurrences:
        if occurrence.asker == member:
            continue
        chance = 1 - (1 - shares[occurrence.month].get(member, 0.0)) ** occurrence.size
        expected += chance
        variance += chance * (1 - chance)
    return (count - expected) / sqrt(variance + 0.05)
