"""Evidence in the transcripts that two names belong to one person."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from django.db.models import Sum

from chatlogs.audit import locked_archive
from chatlogs.db.bulk import in_batches
from chatlogs.models import Alias, Message, NameEvidence, OriginalName, Room, Suggestion
from chatlogs.people import merging
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.names import fold

# The IDs of two names, the lower one first.
Pair = tuple[int, int]


class Name(NamedTuple):
    """The columns of Alias that are compared. A tuple saves memory: all names are read at once."""

    pk: int
    room_id: int
    member_id: int
    name: str
    person: str
    company: str
    city: str
    first_seen: dt.date | None
    last_seen: dt.date | None


# How often two names must have been paired on days with two merged exports.
FEWEST_DOUBLES = 2


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How often two names had the same message; `is_mutual` if each is the most frequent partner of the other."""

    count: int
    is_mutual: bool


def pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def read_names() -> Iterator[Name]:
    """Return all names, the oldest first."""
    return map(Name._make, Alias.objects.order_by("pk").values_list(*Name._fields))


def find_same_names(aliases: Iterable[Name]) -> Iterator[Pair]:
    """Return pairs of names in one room that differ only in width, case and punctuation."""
    groups: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for alias in aliases:
        if alias.name.strip():
            groups[alias.room_id, fold(alias.name)].append(alias.pk)
    for group in groups.values():
        first, *others = sorted(group)
        yield from ((first, other) for other in others)


def find_duplicates() -> dict[Pair, Duplicates]:
    """Return the pairs of names that had the same message in two merged exports."""
    counts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    doubled = NameEvidence.objects.filter(kind=NameEvidence.Kind.DOUBLED).order_by()
    for alias_id, other_id, count in doubled.values_list("alias_id", "other_id").annotate(Sum("count")):
        counts[alias_id][other_id] += count
        counts[other_id][alias_id] += count
    favourites = {alias_id: _favourite(others) for alias_id, others in counts.items()}
    return {
        (one, other): Duplicates(count, favourites[one] == other and favourites[other] == one)
        for one, others in counts.items()
        for other, count in others.items()
        if one < other
    }


def find_accounts() -> dict[Pair, int]:
    """Return the names seen with the same private account, with the count of the rarer of the two."""
    seen: defaultdict[str, Counter[int]] = defaultdict(Counter)
    accounts = NameEvidence.objects.filter(kind=NameEvidence.Kind.ACCOUNT).order_by()
    for account, alias_id, count in accounts.values_list("account_hash", "alias_id").annotate(Sum("count")):
        seen[account][alias_id] += count
    # Aliases without a name have the hash of an account. That of an opted-out alias is the hash of a name instead.
    nameless = Alias.objects.filter(is_opted_out=False).exclude(account_hash="").values_list("account_hash", "pk")
    originals = OriginalName.objects.exclude(account_hash="").values_list("account_hash", "alias_id")
    for account, alias_id in (*nameless, *originals):
        seen[account][alias_id] += 1
    pairs: Counter[Pair] = Counter()
    for names in seen.values():
        for one, other in combinations(sorted(names), 2):
            pairs[one, other] += min(names[one], names[other])
    return pairs


def find_quotations() -> dict[Pair, int]:
    """Return how often words quoted under one name were sent under the other."""
    sums: Counter[Pair] = Counter()
    quotations = NameEvidence.objects.filter(kind=NameEvidence.Kind.QUOTATION).order_by()
    for alias_id, other_id, count in quotations.values_list("alias_id", "other_id").annotate(Sum("count")):
        sums[pair(alias_id, other_id)] += count
    return sums


def find_refused() -> set[Pair]:
    refused = Suggestion.objects.filter(state=Suggestion.State.REFUSED)
    return set(refused.values_list("first_id", "second_id"))


def count_shared_days(pairs: Collection[Pair]) -> Counter[Pair]:
    """Return on how many days both names of a pair spoke, without days of merged exports."""
    days: defaultdict[int, set[int]] = defaultdict(set)
    doubled = set(NameEvidence.objects.filter(kind=NameEvidence.Kind.DOUBLED).values_list("day_id", flat=True))
    involved = sorted({alias_id for both in pairs for alias_id in both})
    for some in in_batches(involved):
        said = Message.objects.filter(alias__in=some, is_withdrawn=False)
        for alias_id, day_id in said.order_by().values_list("alias_id", "day_id").distinct():
            days[alias_id].add(day_id)
    return Counter({(one, other): len((days[one] & days[other]) - doubled) for one, other in pairs})


def _favourite(counts: Counter[int]) -> int | None:
    """Return the most frequent ID; None if there is a tie."""
    (first, count), *others = counts.most_common(2)
    return None if others and others[0][1] == count else first


# Reasons in the log of merges by evidence.
SAME_NAME, EXPORTER_SET, DOUBLED, ACCOUNT = "same-name", "exporter", "doubled", "account"


@locked_archive()
def join_by_evidence() -> int:
    """Merge the names that are proven to be one person's. Return the number of members that got names."""
    aliases = list(read_names())
    owners = {alias.pk: alias.member_id for alias in aliases}
    groups = Groups(owners, find_refused())
    for one, other, reason in _proofs(aliases):
        groups.join(one, other, reason)
    return len(merging.join(groups.moves()))


class Groups:
    """Members as sets of names, merged by proofs unless a moderator has refused a pair of their names."""

    def __init__(self, owners: dict[int, int], refused: set[Pair]) -> None:
        self._owners = owners
        self._refused: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in refused:
            self._refused[one].add(other)
            self._refused[other].add(one)
        self._group = dict(owners)
        self._names: defaultdict[int, set[int]] = defaultdict(set)
        for alias_id, member_id in owners.items():
            self._names[member_id].add(alias_id)
        self._reasons: dict[int, str] = {}

    def join(self, one: int, other: int, reason: str) -> None:
        """Merge the members of two names into the one with the oldest name."""
        into, gone = sorted((self._group[one], self._group[other]), key=lambda group: min(self._names[group]))
        if into == gone or self._are_apart(into, gone):
            return
        for alias_id in self._names[gone]:
            self._group[alias_id] = into
        self._names[into] |= self._names.pop(gone)
        self._reasons[into] = self._reasons.get(into) or self._reasons.get(gone) or reason

    def moves(self) -> Iterator[tuple[dict[int, int], str]]:
        """For each member that gets names, return a mapping of alias ID to member ID, and the first reason."""
        for member_id, reason in sorted(self._reasons.items()):
            moved = sorted(pk for pk in self._names.get(member_id, ()) if self._owners[pk] != member_id)
            if moved:
                yield dict.fromkeys(moved, member_id), reason

    def _are_apart(self, one: int, other: int) -> bool:
        few, many = sorted((self._names[one], self._names[other]), key=len)
        return any(not self._refused[alias_id].isdisjoint(many) for alias_id in few if alias_id in self._refused)


def _proofs(aliases: list[Name]) -> Iterator[tuple[int, int, str]]:
    for one, other in find_same_names(aliases):
        yield one, other, SAME_NAME
    exporting = dict(Room.objects.filter(exporter__isnull=False).values_list("pk", "exporter__first_alias"))
    for alias in aliases:
        if alias.name == EXPORTER and exporting.get(alias.room_id) not in (None, alias.pk):
            yield *pair(exporting[alias.room_id], alias.pk), EXPORTER_SET
    exporters = {alias.pk for alias in aliases if alias.name == EXPORTER}
    for both, duplicates in sorted(find_duplicates().items()):
        # In merged exports the exporter's name means two people: the owners of both phones.
        if duplicates.is_mutual and duplicates.count >= FEWEST_DOUBLES and exporters.isdisjoint(both):
            yield *both, DOUBLED
    # Two names that spoke on the same day may be two people's.
    if accounts := sorted(find_accounts()):
        shared = count_shared_days(accounts)
        for both in accounts:
            if not shared[both] and exporters.isdisjoint(both):
                yield *both, ACCOUNT
