"""Whom names stand for that are nobody's own, learned from who answers to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from chatlogs.mentioning.answering import FEWEST_OCCURRENCES, Occurrence, Spoken, find_answerer, look_around
from chatlogs.models import Alias, Day, Mention, Message
from chatlogs.models.archive import SEQUENCE_BITS

BATCH = 5_000

# Year and month as one number.
Month = int
Shares = dict[Month, dict[int, float]]


def learn(names: Mapping[int, int]) -> dict[int, int]:
    """Mentioned name -> alias of who is meant, of those where that can be told; given with their rooms."""
    by_room: defaultdict[int, list[int]] = defaultdict(list)
    for name_id, room_id in names.items():
        by_room[room_id].append(name_id)
    learned: dict[int, int] = {}
    for room_id, name_ids in sorted(by_room.items()):
        learned.update(_learn_in_room(room_id, name_ids))
    return learned


def _learn_in_room(room_id: int, name_ids: Sequence[int]) -> dict[int, int]:
    mentions = _read_mentions(name_ids)
    if not mentions:
        return {}
    owners = dict(Alias.objects.order_by().values_list("pk", "member_id"))
    dates = Day.objects.filter(room=room_id).values_list("pk", "date")
    months = {pk: date.year * 12 + date.month for pk, date in dates}
    occurrences = _read_occurrences(mentions, months, owners)
    wanted = {occurrence.month for of_name in occurrences.values() for occurrence in of_name}
    shares = _read_shares([day_id for day_id, month in months.items() if month in wanted], months, owners)
    aliases = _read_main_aliases(room_id)
    learned = {}
    for name_id, of_name in occurrences.items():
        member_id = find_answerer(of_name, shares)
        if member_id in aliases:
            learned[name_id] = aliases[member_id]
    return learned


def _read_mentions(name_ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Of the names that are mentioned often enough: day -> positions and names, in order."""
    by_name: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for start in range(0, len(name_ids), BATCH):
        mentions = Mention.objects.visible().filter(name__in=name_ids[start : start + BATCH]).order_by()
        rows = mentions.values_list("name_id", "message__day_id", "message__position").distinct()
        for name_id, day_id, position in rows:
            by_name[name_id].append((day_id, position))
    by_day: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for name_id, places in sorted(by_name.items()):
        if len(places) >= FEWEST_OCCURRENCES:
            for day_id, position in places:
                by_day[day_id].append((position, name_id))
    return by_day


def _read_occurrences(
    mentions: Mapping[int, Sequence[tuple[int, int]]], months: Mapping[int, Month], owners: Mapping[int, int]
) -> dict[int, list[Occurrence]]:
    """By name."""
    occurrences: defaultdict[int, list[Occurrence]] = defaultdict(list)
    days = sorted(mentions)
    for start in range(0, len(days), BATCH):
        for day_id, rows in _read_days(days[start : start + BATCH]).items():
            day = Spoken(
                [owners[alias_id] if alias_id else 0 for _, alias_id in rows],
                [position >> SEQUENCE_BITS for position, _ in rows],
            )
            places = {position: place for place, (position, _) in enumerate(rows)}
            for position, name_id in mentions[day_id]:
                occurrences[name_id].append(look_around(day, places[position], months[day_id]))
    return occurrences


def _read_days(days: Sequence[int]) -> dict[int, list[tuple[int, int | None]]]:
    """Day -> positions and aliases of its messages, in order."""
    by_day: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
    messages = Message.objects.visible().filter(day__in=days).order_by()
    for day_id, position, alias_id in messages.values_list("day_id", "position", "alias_id").iterator():
        by_day[day_id].append((position, alias_id))
    for rows in by_day.values():
        rows.sort(key=itemgetter(0))
    return by_day


def _read_shares(days: Sequence[int], months: Mapping[int, Month], owners: Mapping[int, int]) -> Shares:
    """Month -> member -> share of the room's messages."""
    counts: defaultdict[Month, Counter[int]] = defaultdict(Counter)
    for month, member_id, count in _count(days, months, owners):
        counts[month][member_id] += count
    totals = {month: of_month.total() for month, of_month in counts.items()}
    return {
        month: {member_id: count / totals[month] for member_id, count in of_month.items() if member_id}
        for month, of_month in counts.items()
    }


def _count(
    days: Sequence[int], months: Mapping[int, Month], owners: Mapping[int, int]
) -> Iterable[tuple[Month, int, int]]:
    for start in range(0, len(days), BATCH):
        for day_id, rows in _read_days(days[start : start + BATCH]).items():
            for alias_id, count in Counter(alias_id for _, alias_id in rows).items():
                yield months[day_id], owners[alias_id] if alias_id else 0, count


def _read_main_aliases(room_id: int) -> dict[int, int]:
    """Member -> the name with the most messages in the room."""
    aliases = Alias.objects.filter(room=room_id).order_by("message_count", "-pk")
    return dict(aliases.values_list("member_id", "pk"))
