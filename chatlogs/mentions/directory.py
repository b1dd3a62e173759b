"""Mentions that are like others which are understood. No ORM."""

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
    """What is not understood, and has the name, or the person's part of it, in common with what is.

    In one room the person's part is enough; from room to room the whole name must be the same.
    """
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
    """Room and person, for each room; 0 and the whole name, for all."""
    persons = person_keys(split_name(row.text).person)
    return [*((row.room_id, person) for person in persons), (0, fold(row.text))]


Method = MentionedName.Method

EVERYBODY = {fold(name) for name in ("所有人", "全体成员", "all", "everyone")}

# What agrees between a mention and a name weighs so much, where several are called alike.
SAME_COMPANY, SAME_ROOM, SAME_CITY, SAME_ROLE = 8, 4, 2, 1

# Of two who are alike in all else, one must have written so many times as much.
MUCH_MORE_ACTIVE = 4

# Words this long that stand in one person's name alone are no chance.
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
    """The alias of who is meant, how that is known, and whether surely; no alias for nobody in particular."""

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
    """The one of whom most agrees, or who is far more active than others alike; None where that is nobody."""
    best: dict[int, Rank] = {}
    for known in candidates:
        rank = Rank(_agreement(known, parts, room_id), known.message_count, known.name, known.alias_id)
        best[known.member_id] = max(rank, best.get(known.member_id, rank))
    first, *others = sorted(best.values(), reverse=True)
    rivals = [other.message_count for other in others if other.agreement == first.agreement]
    if rivals and first.message_count < MUCH_MORE_ACTIVE * max(1, *rivals):
        return None
    return next(known for known in candidates if known.alias_id == first.alias_id)


def _agreement(known: Known, parts: NameParts, room_id: int) -> int:
    return (
        SAME_COMPANY * _agree(known.parts.company, parts.company)
        + SAME_ROOM * (known.room_id == room_id)
        + SAME_CITY * _agree(known.parts.city, parts.city)
        + SAME_ROLE * _agree(known.parts.role, parts.role)
    )


def _agree(one: str, other: str) -> bool:
    """Return whether both are known and similar, like 云杉 and 云杉支付."""
    first, second = fold(one), fold(other)
    return bool(first and second) and (first in second or second in first)


def _contradicts(known: NameParts, mentioned: NameParts) -> bool:
    """Whether a short or a Latin name, which many have, comes with another company and another city."""
    if any(len(key) > 2 and looks_like_full_name(key) for key in person_keys(mentioned.person)):
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
    is_rare = any(len(key) > 2 and looks_like_full_name(key) for key in person_keys(parts.person))
    return _agree(chosen.parts.company, parts.company) or (is_only_one and is_rare and chosen.room_id == room_id)


def _telling_parts(parts: NameParts) -> Iterator[str]:
    """What of a name may stand for the person: never a company's word alone, a place or a role."""
    pieces = [parts.person, *parts.remark.split()]
    return (folded for piece in pieces if _is_telling_part(folded := fold(piece)))


def _is_telling_part(folded: str) -> bool:
    if not is_telling(folded) or is_common_word(folded):
        return False
    return not folded.isascii() or len(folded) >= SHORTEST_LATIN_PART
