"""What a member is called: by moderators, or else by the names in the transcripts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from chatlogs.bulk import execute_for_rows
from chatlogs.models import Alias, Member
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.pinyin import make_sort_key

# Names used within this time of the newest are all in use: of these, the one with the most messages is the member's.
DAYS_IN_USE = 90

SET = """
    UPDATE chatlogs_member SET name = given.column2, sort_name = given.column3
    FROM {given} AS given
    WHERE chatlogs_member.id = given.column1
"""


class Use(NamedTuple):
    """How a name is in use; later fields decide where earlier ones are equal."""

    is_telling: bool
    is_recent: bool
    message_count: int
    age: int
    name: str


def refresh_names(member_ids: Collection[int] | None = None) -> None:
    """Call members as their names now say, unless a moderator says otherwise; all members where none are given."""
    aliases = Alias.objects.filter(member__is_name_curated=False)
    if member_ids is not None:
        aliases = aliases.filter(member__in=member_ids)
    names: defaultdict[tuple[int, str], list[tuple[str, int, dt.date, int]]] = defaultdict(list)
    rows = aliases.values_list("member_id", "member__name", "name", "message_count", "last_seen", "pk")
    for member_id, called, name, count, last_seen, pk in rows:
        names[member_id, called].append((name, count, last_seen or dt.date.min, pk))
    changed = [
        (member_id, chosen, make_sort_key(chosen))
        for (member_id, called), of_member in names.items()
        if (chosen := _choose(of_member)) != called
    ]
    execute_for_rows(SET, "(%s::bigint, %s, %s)", changed)


def rename(member: Member, name: str) -> None:
    """Call a member as a moderator says; "" leaves it to the transcripts again."""
    Member.objects.filter(pk=member.pk).update(name=name, sort_name=make_sort_key(name), is_name_curated=bool(name))
    refresh_names([member.pk])


def _choose(names: list[tuple[str, int, dt.date, int]]) -> str:
    if len(names) == 1:
        return names[0][0]
    newest = max(last_seen for _, _, last_seen, _ in names)
    uses = [
        Use(name not in ("", EXPORTER), (newest - last_seen).days <= DAYS_IN_USE, count, -pk, name)
        for name, count, last_seen, pk in names
    ]
    return max(uses).name
