"""What the transcripts tell of whose the names are."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from django.db.models import Sum

from chatlogs.models import Alias, Message, SealedName, Sighting, Suggestion
from chatlogs.text.names import fold

# The ids of two names, the lower one first.
Pair = tuple[int, int]


class Name(NamedTuple):
    """The columns of Alias that evidence is about: many rows, in little memory."""

    pk: int
    room_id: int
    member_id: int
    name: str
    person: str
    company: str
    city: str
    first_seen: dt.date | None
    last_seen: dt.date | None


# How often two names must have been paired on days of which two exports were merged.
FEWEST_DOUBLES = 2

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Doubles:
    """How often two names stood over one message; `is_mutual` where each is the other's most frequent double."""

    count: int
    is_mutual: bool


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def read_names() -> Iterator[Name]:
    """All names, the oldest first."""
    return map(Name._make, Alias.objects.order_by("pk").values_list(*Name._fields))


def find_same_names(aliases: Iterable[Name]) -> Iterator[Pair]:
    """Names of one room that differ in width, case and punctuation alone."""
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for alias in aliases:
        if alias.name.strip():
            groups[alias.room_id, fold(alias.name)].append(alias.pk)
    for group in groups.values():
        first, *others = sorted(group)
        yield from ((first, other) for other in others)


def find_doubles() -> dict[Pair, Doubles]:
    """By the days of which two exports were merged."""
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    doubled = Sighting.objects.filter(kind=Sighting.Kind.DOUBLED).order_by()
    for alias_id, other_id, count in doubled.values_list("alias_id", "other_id").annotate(Sum("count")):
        counts[alias_id][other_id] += count
        counts[other_id][alias_id] += count
    favourites = {alias_id: _favourite(others) for alias_id, others in counts.items()}
    return {
        (one, other): Doubles(count, favourites[one] == other and favourites[other] == one)
        for one, others in counts.items()
        for other, count in others.items()
        if one < other
    }


def find_accounts() -> dict[Pair, int]:
    """Names that were seen with the same private account, and how often the rarer of the two was."""
    seen: defaultdict[str, Counter[int]] = defaultdict(Counter)
    accounts = Sighting.objects.filter(kind=Sighting.Kind.ACCOUNT).order_by()
    for account, alias_id, count in accounts.values_list("account_hash", "alias_id").annotate(Sum("count")):
        seen[account][alias_id] += count
    for account, alias_id in _read_nameless():
        seen[account][alias_id] += 1
    pairs: Counter[Pair] = Counter()
    for names in seen.values():
        for one, other in combinations(sorted(names), 2):
            pairs[one, other] += min(names[one], names[other])
    return pairs


def _read_nameless() -> Iterator[tuple[str, int]]:
    """The accounts that stand in place of names; in that place, who opted out has the hash of a name."""
    yield from Alias.objects.filter(is_opted_out=False).exclude(account_hash="").values_list("account_hash", "pk")
    yield from SealedName.objects.exclude(account_hash="").values_list("account_hash", "alias_id")


def find_quotations() -> dict[Pair, int]:
    """How often words quoted as one name's were found under the other."""
    sums: Counter[Pair] = Counter()
    quotations = Sighting.objects.filter(kind=Sighting.Kind.QUOTATION).order_by()
    for alias_id, other_id, count in quotations.values_list("alias_id", "other_id").annotate(Sum("count")):
        sums[pair(alias_id, other_id)] += count
    return sums


def find_refused() -> set[Pair]:
    refused = Suggestion.objects.filter(state=Suggestion.State.REFUSED)
    return set(refused.values_list("first_id", "second_id"))


def count_shared_days(pairs: Collection[Pair]) -> Counter[Pair]:
    """Days of a room on which both names of a pair spoke, but for those that have everybody under two names."""
    days: defaultdict[int, set[int]] = defaultdict(set)
    doubled = set(Sighting.objects.filter(kind=Sighting.Kind.DOUBLED).values_list("day_id", flat=True))
    involved = sorted({alias_id for both in pairs for alias_id in both})
    for start in range(0, len(involved), BATCH):
        said = Message.objects.filter(alias__in=involved[start : start + BATCH], is_withdrawn=False)
        for alias_id, day_id in said.order_by().values_list("alias_id", "day_id").distinct():
            days[alias_id].add(day_id)
    return Counter({(one, other): len((days[one] & days[other]) - doubled) for one, other in pairs})


def _favourite(counts: Counter[int]) -> int | None:
    """What was counted most often; None where two were."""
    (first, count), *others = counts.most_common(2)
    return None if others and others[0][1] == count else first
