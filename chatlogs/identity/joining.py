"""Names that the transcripts prove to be one person's become one member's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from chatlogs.acting import alone
from chatlogs.identity import deeds
from chatlogs.identity.evidence import (
    FEWEST_DOUBLES,
    Name,
    Pair,
    count_shared_days,
    find_accounts,
    find_doubles,
    find_refused,
    find_same_names,
    pair,
    read_names,
)
from chatlogs.models import Room
from chatlogs.text.accounts import EXPORTER

# What an action of the evidence's has as its reason.
SAME_NAME, EXPORTER_SET, DOUBLED, ACCOUNT = "same-name", "exporter", "doubled", "account"


@alone()
def join_by_evidence() -> int:
    """Join what is proven and not refused; the number of members that got names."""
    aliases = list(read_names())
    owners = {alias.pk: alias.member_id for alias in aliases}
    groups = Groups(owners, find_refused())
    for one, other, reason in _proofs(aliases):
        groups.join(one, other, reason)
    return len(deeds.join(groups.moves()))


class Groups:
    """Members as sets of names, which proofs join: as long as no moderator keeps two of the names apart."""

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
        """The names go to the member that has the oldest of them."""
        into, gone = sorted((self._group[one], self._group[other]), key=lambda group: min(self._names[group]))
        if into == gone or self._are_apart(into, gone):
            return
        for alias_id in self._names[gone]:
            self._group[alias_id] = into
        self._names[into] |= self._names.pop(gone)
        self._reasons[into] = self._reasons.get(into) or self._reasons.get(gone) or reason

    def moves(self) -> Iterator[tuple[dict[int, int], str]]:
        """For each member that gets names: alias id -> member id, and the first of the reasons."""
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
    for one, other in _exporters(aliases):
        yield one, other, EXPORTER_SET
    exporters = {alias.pk for alias in aliases if alias.name == EXPORTER}
    for both, doubles in sorted(find_doubles().items()):
        # Both phones of a merged export call their owner so: that name is two people's.
        if doubles.is_mutual and doubles.count >= FEWEST_DOUBLES and exporters.isdisjoint(both):
            yield *both, DOUBLED
    for both in _without_contradiction(find_accounts()):
        if exporters.isdisjoint(both):
            yield *both, ACCOUNT


def _exporters(aliases: Iterable[Name]) -> Iterator[Pair]:
    """What the exporting phone calls its owner, and a name of the member that the room names."""
    members = dict(Room.objects.filter(exporter__isnull=False).values_list("pk", "exporter__first_alias"))
    for alias in aliases:
        if alias.name == EXPORTER and members.get(alias.room_id) not in (None, alias.pk):
            yield pair(members[alias.room_id], alias.pk)


def _without_contradiction(pairs: Iterable[Pair]) -> list[Pair]:
    """Of names that spoke on one day in one room, the one may have been changed, or two people be meant."""
    both = sorted(pairs)
    shared = count_shared_days(both) if both else {}
    return [one for one in both if not shared[one]]
