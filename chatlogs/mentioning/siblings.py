"""Mentions that are like others which are understood. No ORM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from chatlogs.mentioning.directory import Meaning, Method
from chatlogs.models.mentions import MentionedName
from chatlogs.text.names import fold, person_keys, split_name


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
