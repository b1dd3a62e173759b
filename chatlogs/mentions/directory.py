"""Resolves mentioned names by comparing them with the names of senders, without queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chatlogs.models.mentions import MentionedName
from chatlogs.text.names import (
    NameParts,
    fold,
    is_common_word,
    is_telling,
    looks_like_full_name,
    person_keys,
    split_name,
)


def find_siblings(names: Mapping[int, MentionedName], meanings: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """Resolve unknown names that equal a resolved one: the person's part in the same room, or the whole name."""
    by_key: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for pk, row in names.items():
        alias_id = meanings[pk].alias_id
        if alias_id is not None:
            for key in _keys(row):
                by_key[key].add(alias_id)
    found = {}
    for pk, row in names.items():
        if meanings[pk].method == Method.NONE:
            for key in _keys(row):
                if len(by_key[key]) == 1:
                    found[pk] = Meaning(next(iter(by_key[key])), Method.SIBLING)
                    break
    return found


def _keys(row: MentionedName) -> list[tuple[int, str]]:
    """Return (room ID, person) for each form of the person's part, and (0, whole name)."""
    persons = person_keys(split_name(row.text).person)
    return [*((row.room_id, person) for person in persons), (0, fold(row.text))]


Method = MentionedName.Method

EVERYBODY = {fold(name) for name in ("所有人", "全体成员", "all", "everyone")}

# Points of what a mention and a name have in common, to choose among several names.
SAME_COMPANY, SAME_ROOM, SAME_CITY, SAME_ROLE = 8, 4, 2, 1

# Of equal candidates, the chosen one must have this many times the messages of the others.
MUCH_MORE_ACTIVE = 4

# Shorter Latin words match by coincidence.
SHORTEST_LATIN_PART = 4


@dataclass(frozen=True, slots=True)
class Known:
    """A name used by a sender in a room."""

    alias_id: int
    member_id: int
    room_id: int
    name: str
    parts: NameParts
    message_count: int


class Meaning(NamedTuple):
    """The alias that a name refers to, None for nobody in particular, with the method and its certainty."""

    alias_id: int | None = None
    method: str = Method.NONE
    is_sure: bool = False


UNKNOWN = Meaning()


class Rank(NamedTuple):
    """How well a name matches; compared field by field."""

    agreement: int
    message_count: int
    name: str
    alias_id: int


Group = defaultdict[str, list[Known]]


@dataclass(slots=True)
class Directory:
    """An index of all names, to look mentioned names up in."""

    by_name: Group = field(default_factory=lambda: defaultdict(list))
    by_fold: Group = field(default_factory=lambda: defaultdict(list))
    by_person: Group = field(default_factory=lambda: defaultdict(list))
    by_part: Group = field(default_factory=lambda: defaultdict(list))
    companies: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, names: Iterable[Known]) -> Directory:
        directory = cls()
        for known in names:
            directory.by_name[known.name.strip()].append(known)
            directory.by_fold[fold(known.name)].append(known)
            for key in person_keys(known.parts.person):
                directory.by_person[key].append(known)
            for part in set(_telling_parts(known.parts)):
                directory.by_part[part].append(known)
            directory.companies.add(fold(known.parts.company))
        return directory

    def find(self, text: str, room_id: int) -> Meaning:
        """Return who the name refers to in a room."""
        folded = fold(text)
        if folded in EVERYBODY:
            return Meaning(None, Method.EVERYBODY, True)
        parts = split_name(text)
        for method, candidates in self._candidates(text, folded, parts):
            if candidates and (chosen := _choose(candidates, parts, room_id)):
                return Meaning(chosen.alias_id, method, _is_sure(method, chosen, candidates, parts, room_id))
        return UNKNOWN

    def _candidates(self, text: str, folded: str, parts: NameParts) -> Iterator[tuple[str, Sequence[Known]]]:
        """Yield candidates in order of decreasing similarity."""
        yield Method.EXACT, self.by_name.get(text.strip(), ())
        yield Method.NORMALISED, self.by_fold.get(folded, ())
        keys = [key for key in person_keys(parts.person) if key not in self.companies]
        persons = [known for key in keys for known in self.by_person.get(key, ())]
        yield Method.PERSON, [known for known in persons if not _contradicts(known.parts, parts)]
        pieces = {*_telling_parts(parts), *person_keys(parts.person)}
        if not parts.company and _is_telling_part(folded):
            pieces.add(folded)
        sharing = [known for piece in sorted(pieces - self.companies) for known in self.by_part.get(piece, ())]
        yield Method.PART, [known for known in sharing if not _contradicts(known.parts, parts)]


def _choose(candidates: Sequence[Known], parts: NameParts, room_id: int) -> Known | None:
    """Return the best candidate, or None if others are as good and not much less active."""

    def agreement(known: Known) -> int:
        return (
            SAME_COMPANY * _agree(known.parts.company, parts.company)
            + SAME_ROOM * (known.room_id == room_id)
            + SAME_CITY * _agree(known.parts.city, parts.city)
            + SAME_ROLE * _agree(known.parts.role, parts.role)
        )

    best: dict[int, Rank] = {}
    for known in candidates:
        rank = Rank(agreement(known), known.message_count, known.name, known.alias_id)
        best[known.member_id] = max(rank, best.get(known.member_id, rank))
    first, *others = sorted(best.values(), reverse=True)
    rivals = [other.message_count for other in others if other.agreement == first.agreement]
    if rivals and first.message_count < MUCH_MORE_ACTIVE * max(1, *rivals):
        return None
    return next(known for known in candidates if known.alias_id == first.alias_id)


def _agree(one: str, other: str) -> bool:
    """Return whether both are known and similar, like 云杉 and 云杉支付."""
    first, second = fold(one), fold(other)
    return bool(first and second) and (first in second or second in first)


def _contradicts(known: NameParts, mentioned: NameParts) -> bool:
    """Return whether both the company and the city differ, for names that are not rare."""
    if _is_rare(mentioned):
        return False
    is_elsewhere = known.city and mentioned.city and not _agree(known.city, mentioned.city)
    is_of_others = known.company and mentioned.company and not _agree(known.company, mentioned.company)
    return bool(is_elsewhere and is_of_others)


def _is_sure(method: str, chosen: Known, candidates: Sequence[Known], parts: NameParts, room_id: int) -> bool:
    is_only_one = len({known.member_id for known in candidates}) == 1
    if method in (Method.EXACT, Method.NORMALISED):
        return is_only_one or chosen.room_id == room_id
    if method != Method.PERSON:
        return False
    is_same_company = _agree(chosen.parts.company, parts.company)
    return is_same_company or (is_only_one and _is_rare(parts) and chosen.room_id == room_id)


def _is_rare(parts: NameParts) -> bool:
    return any(len(key) > 2 and looks_like_full_name(key) for key in person_keys(parts.person))


def _telling_parts(parts: NameParts) -> Iterator[str]:
    """Return the folded parts that can identify the person: never the company, the city or the role alone."""
    pieces = [parts.person, *parts.remark.split()]
    return (folded for piece in pieces if _is_telling_part(folded := fold(piece)))


def _is_telling_part(folded: str) -> bool:
    if not is_telling(folded) or is_common_word(folded):
        return False
    return not folded.isascii() or len(folded) >= SHORTEST_LATIN_PART
