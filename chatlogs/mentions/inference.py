"""Who is around a name's mentions more often than chance would have it. No ORM."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import itemgetter
from typing import NamedTuple

from chatlogs.models import Alias, Day, Mention, MentionedName, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.text.names import fold

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


BATCH = 5_000

# Year and month as one number.
Month = int


class SpokenDay(NamedTuple):
    """What was spoken on a day, and at which positions."""

    positions: Sequence[int]
    spoken: Spoken


def learn(names: Iterable[MentionedName]) -> dict[int, int]:
    """Map mentioned names to the aliases they stand for, as far as that can be inferred.

    Names of a room that differ only in punctuation and case are learned together.
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
    """`same`: mentioned name -> the first of those that it is the same as, which the result is about."""
    mentions = _read_mentions(same)
    if not mentions:
        return {}
    months = {
        pk: date.year * 12 + date.month for pk, date in Day.objects.filter(room=room_id).values_list("pk", "date")
    }
    of_months = _read_months({months[day_id] for day_id in mentions}, months)
    occurrences = _find_occurrences(mentions, of_months)
    chances = {month: count_windows(day.spoken for day in days.values()) for month, days in of_months.items()}
    aliases = _read_main_aliases(room_id)
    learned = {}
    for name_id, of_name in occurrences.items():
        member_id = find_answerer(of_name, chances)
        if member_id in aliases:
            learned[name_id] = aliases[member_id]
    return learned


def _read_mentions(same: Mapping[int, int]) -> dict[int, list[tuple[int, int]]]:
    """Of the names that are mentioned often enough: day -> positions and names, in order."""
    by_name: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    name_ids = sorted(same)
    for start in range(0, len(name_ids), BATCH):
        mentions = Mention.objects.shown().filter(name__in=name_ids[start : start + BATCH]).order_by()
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
    """Month -> day -> what was spoken, of all of the month's days."""
    owners = dict(Alias.objects.order_by().values_list("pk", "member_id"))
    read: defaultdict[Month, dict[int, SpokenDay]] = defaultdict(dict)
    days = [day_id for day_id, month in months.items() if month in wanted]
    for start in range(0, len(days), BATCH):
        for day_id, rows in _read_days(days[start : start + BATCH]).items():
            positions = [position for position, _ in rows]
            members = [owners[alias_id] if alias_id else 0 for _, alias_id in rows]
            seconds = [position >> SEQUENCE_BITS for position in positions]
            read[months[day_id]][day_id] = SpokenDay(positions, Spoken(members, seconds))
    return read


def _read_days(days: Sequence[int]) -> dict[int, list[tuple[int, int | None]]]:
    """Day -> positions and aliases of its messages, in order."""
    by_day: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    messages = Message.objects.shown().filter(day__in=days).order_by()
    for day_id, position, alias_id in messages.values_list("day_id", "position", "alias_id").iterator():
        by_day[day_id].append((position, alias_id))
    for rows in by_day.values():
        rows.sort(key=itemgetter(0))
    return by_day


def _find_occurrences(
    mentions: Mapping[int, Sequence[tuple[int, int]]], of_months: Mapping[Month, Mapping[int, SpokenDay]]
) -> dict[int, list[Occurrence]]:
    """By name."""
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


def _read_main_aliases(room_id: int) -> dict[int, int]:
    """Member -> the name with the most messages in the room."""
    aliases = Alias.objects.filter(room=room_id).order_by("message_count", "name")
    return dict(aliases.values_list("member_id", "pk"))
