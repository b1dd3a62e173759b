"""Infers who is mentioned from who speaks near the mentions of a name more often than by chance."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import itemgetter
from typing import NamedTuple

from chatlogs.db.bulk import in_batches
from chatlogs.models import Alias, Day, Mention, MentionedName, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.text.names import fold

# The window around a mention, in messages and in seconds on each side.
WINDOW = 15
WINDOW_SECONDS = 60 * 60

FEWEST_OCCURRENCES = 3

# The probability that the mentioned member speaks in the window, and the lowest that others do by chance.
PRESENT_IF_MEANT = 0.95
LEAST_CHANCE = 0.002

# The prior probability that a name refers to nobody in the room.
PRIOR_OF_NOBODY = 0.2

LEAST_CERTAINTY = 0.9
LEAST_SHARE = 0.6

# People rarely mention themselves: the largest share of mentions by the mentioned member.
MOST_OWN = 0.2


@dataclass(frozen=True, slots=True)
class Spoken:
    """The messages of a room's day in order: members (0 for nobody), and seconds since 1970."""

    members: Sequence[int]
    seconds: Sequence[int]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A mention: its sender, its month, the members near it, and its weight.

    Mentions of a name close to each other have the same members near them: four weigh twice as much as one.
    """

    asker: int
    month: int
    present: frozenset[int]
    share: float = 1.0


# Month -> member -> share of the month's windows with messages of the member.
Chances = Mapping[int, Mapping[int, float]]


def look_around(day: Spoken, places: Sequence[int], month: int) -> list[Occurrence]:
    """Return the occurrences of one name, mentioned at these places of the day, in order."""
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][-1] <= WINDOW:
            groups[-1].append(place)
        else:
            groups.append([place])
    occurrences = []
    for group in groups:
        share = 1 / sqrt(len(group))
        for place in group:
            asker, second = day.members[place], day.seconds[place]
            around = {
                day.members[other]
                for other in range(max(0, place - WINDOW), min(len(day.members), place + WINDOW + 1))
                if abs(day.seconds[other] - second) <= WINDOW_SECONDS
            }
            occurrences.append(Occurrence(asker, month, frozenset(around - {0, asker}), share))
    return occurrences


def count_windows(days: Iterable[Spoken]) -> dict[int, float]:
    """Return the share of the windows around all messages that each member is in."""
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
    """Return how many messages of the day have one of these places in their window."""
    covered = end = 0
    for place in places:
        first, last = max(end, place - WINDOW), min(length, place + WINDOW + 1)
        covered += max(0, last - first)
        end = max(end, last)
    return covered


def find_answerer(occurrences: Sequence[Occurrence], chances: Chances) -> int | None:
    """Return the mentioned member, or None if it is not certain enough."""
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
    # All candidates have the same prior probability, however active they are.
    total = sum(weights.values()) + PRIOR_OF_NOBODY * max(len(able), 10)
    return best if weights[best] / total >= LEAST_CERTAINTY else None


def _weigh(member: int, occurrences: Sequence[Occurrence], chances: Chances) -> float:
    """Return the log-likelihood ratio of the occurrences if the member is mentioned."""
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


# Year and month as one number.
Month = int


class SpokenDay(NamedTuple):
    """The messages of a day, with their positions."""

    positions: Sequence[int]
    spoken: Spoken


def learn(names: Iterable[MentionedName]) -> dict[int, int]:
    """Return the alias of each mentioned name that can be inferred, by ID.

    The mentions of names in a room that differ only in punctuation and case are counted together.
    """
    rooms: defaultdict[int, dict[int, int]] = defaultdict(dict)
    first: dict[tuple[int, str], int] = {}
    for name in sorted(names, key=lambda name: name.pk):
        rooms[name.room_id][name.pk] = first.setdefault((name.room_id, fold(name.text)), name.pk)
    learned: dict[int, int] = {}
    for room_id, same in sorted(rooms.items()):
        found = _learn_in_room(room_id, same)
        learned.update({name_id: found[leader] for name_id, leader in same.items() if leader in found})
    return learned


def _learn_in_room(room_id: int, same: Mapping[int, int]) -> dict[int, int]:
    """Return aliases by the first of equal names. `same` maps every name to it."""
    mentions = _read_mentions(same)
    if not mentions:
        return {}
    months = {
        pk: date.year * 12 + date.month for pk, date in Day.objects.filter(room=room_id).values_list("pk", "date")
    }
    of_months = _read_months({months[day_id] for day_id in mentions}, months)
    occurrences = _find_occurrences(mentions, of_months)
    chances = {month: count_windows(day.spoken for day in days.values()) for month, days in of_months.items()}
    # Each member's alias with the most messages in the room: the last one wins.
    room_aliases = Alias.objects.filter(room=room_id).order_by("message_count", "name")
    aliases = dict(room_aliases.values_list("member_id", "pk"))
    learned = {}
    for name_id, of_name in occurrences.items():
        member_id = find_answerer(of_name, chances)
        if member_id in aliases:
            learned[name_id] = aliases[member_id]
    return learned


def _read_mentions(same: Mapping[int, int]) -> dict[int, list[tuple[int, int]]]:
    """Return by day the positions and names of mentions, for names that are mentioned often enough."""
    by_name: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for some in in_batches(sorted(same)):
        mentions = Mention.objects.shown().filter(name__in=some).order_by()
        rows = mentions.values_list("name_id", "message__day_id", "message__position").distinct()
        for name_id, day_id, position in rows:
            by_name[same[name_id]].append((day_id, position))
    by_day: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for name_id, places in sorted(by_name.items()):
        if len(places) >= FEWEST_OCCURRENCES:
            for day_id, position in places:
                by_day[day_id].append((position, name_id))
    return by_day


def _read_months(wanted: set[Month], months: Mapping[int, Month]) -> dict[Month, dict[int, SpokenDay]]:
    """Return the messages of all days of the wanted months, by month and day."""
    owners = dict(Alias.objects.order_by().values_list("pk", "member_id"))
    read: defaultdict[Month, dict[int, SpokenDay]] = defaultdict(dict)
    days = [day_id for day_id, month in months.items() if month in wanted]
    for some in in_batches(days):
        by_day: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
        messages = Message.objects.shown().filter(day__in=some).order_by()
        for day_id, position, alias_id in messages.values_list("day_id", "position", "alias_id").iterator():
            by_day[day_id].append((position, alias_id))
        for day_id, rows in by_day.items():
            rows.sort(key=itemgetter(0))
            positions = [position for position, _ in rows]
            members = [owners[alias_id] if alias_id else 0 for _, alias_id in rows]
            seconds = [position >> SEQUENCE_BITS for position in positions]
            read[months[day_id]][day_id] = SpokenDay(positions, Spoken(members, seconds))
    return read


def _find_occurrences(
    mentions: Mapping[int, Sequence[tuple[int, int]]], of_months: Mapping[Month, Mapping[int, SpokenDay]]
) -> dict[int, list[Occurrence]]:
    """Return the occurrences of each name."""
    occurrences: defaultdict[int, list[Occurrence]] = defaultdict(list)
    for month, days in of_months.items():
        for day_id in days.keys() & mentions.keys():
            day = days[day_id]
            places: defaultdict[int, list[int]] = defaultdict(list)
            for position, name_id in sorted(mentions[day_id]):
                places[name_id].append(bisect_left(day.positions, position))
            for name_id, of_name in places.items():
                occurrences[name_id].extend(look_around(day.spoken, of_name, month))
    return occurrences
