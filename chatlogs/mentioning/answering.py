"""Who is around a name's mentions more often than chance would have it. No ORM."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

# How far around a mention somebody is looked for who answers, or whom it answers: messages, and seconds.
WINDOW = 15
WINDOW_SECONDS = 60 * 60

FEWEST_OCCURRENCES = 3

# How often who is meant is there, and how rarely anybody can be said to be there by chance.
PRESENT_IF_MEANT = 0.95
LEAST_CHANCE = 0.002

# Names mean somebody of whom nothing is found so often, before anything is known.
PRIOR_OF_NOBODY = 0.2

LEAST_CERTAINTY = 0.9
LEAST_SHARE = 0.6

# Of those who mention a name, who is meant is rarely one.
MOST_OWN = 0.2


@dataclass(frozen=True, slots=True)
class Spoken:
    """A room's day: who spoke, by member (0 for nobody), and when, in order; seconds since 1970."""

    members: Sequence[int]
    seconds: Sequence[int]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A mention: by whom, in which month, and who else is around it; and how much it tells.

    Mentions of a name close to each other have the same people around them: four tell twice as much as one.
    """

    asker: int
    month: int
    present: frozenset[int]
    share: float = 1.0


# Month -> member -> in what share of the month's windows the member is.
Chances = Mapping[int, Mapping[int, float]]


def look_around(day: Spoken, places: Sequence[int], month: int) -> list[Occurrence]:
    """The surroundings of the messages, at places of the day in order, that mention one name."""
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][-1] <= WINDOW:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [_look_around(day, place, month, 1 / sqrt(len(group))) for group in groups for place in group]


def _look_around(day: Spoken, place: int, month: int, share: float) -> Occurrence:
    asker, second = day.members[place], day.seconds[place]
    around = {
        day.members[other]
        for other in range(max(0, place - WINDOW), min(len(day.members), place + WINDOW + 1))
        if abs(day.seconds[other] - second) <= WINDOW_SECONDS
    }
    return Occurrence(asker, month, frozenset(around - {0, asker}), share)


def count_windows(days: Iterable[Spoken]) -> dict[int, float]:
    """Of the windows around all messages, the share that each member is in."""
    counts: Counter[int] = Counter()
    total = 0
    for day in days:
        total += len(day.members)
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, member in enumerate(day.members):
            places[member].append(place)
        for member, of_member in places.items():
            counts[member] += _count_covered(of_member, len(day.members))
    return {member: count / total for member, count in counts.items()}


def _count_covered(places: Sequence[int], length: int) -> int:
    """How many places of a day are within a window of one of these."""
    covered = end = 0
    for place in places:
        first, last = max(end, place - WINDOW), min(length, place + WINDOW + 1)
        covered += max(0, last - first)
        end = max(end, last)
    return covered


def find_answerer(occurrences: Sequence[Occurrence], chances: Chances) -> int | None:
    """The member who is meant; None where that is not certain enough."""
    if len(occurrences) < FEWEST_OCCURRENCES:
        return None
    seen = Counter(member for occurrence in occurrences for member in occurrence.present)
    own = Counter(occurrence.asker for occurrence in occurrences)
    able = [
        member
        for member, count in seen.items()
        if count >= LEAST_SHARE * len(occurrences) and own[member] <= MOST_OWN * len(occurrences)
    ]
    if not able:
        return None
    weights = {member: exp(min(_weigh(member, occurrences, chances), 700.0)) for member in able}
    best = max(able, key=lambda member: (weights[member], -member))
    # All who could be meant are as likely before; who is in few windows is as likely as who is in many.
    total = sum(weights.values()) + PRIOR_OF_NOBODY * max(len(able), 10)
    return best if weights[best] / total >= LEAST_CERTAINTY else None


def _weigh(member: int, occurrences: Sequence[Occurrence], chances: Chances) -> float:
    """The logarithm of how many times as likely these surroundings are if the member is meant."""
    weight = 0.0
    for occurrence in occurrences:
        if occurrence.asker == member:
            continue
        chance = min(max(chances[occurrence.month].get(member, 0.0), LEAST_CHANCE), 0.95)
        if member in occurrence.present:
            weight += occurrence.share * log(PRESENT_IF_MEANT / chance)
        else:
            weight += occurrence.share * log((1 - PRESENT_IF_MEANT) / (1 - chance))
    return weight
