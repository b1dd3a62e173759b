"""Display names of members: set by a moderator, or else chosen among the names in the transcripts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from chatlogs.db.bulk import execute_for_rows
from chatlogs.models import Alias, Member
from chatlogs.models.revision import bump_revision
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.pinyin import make_sort_key

# Of the names last used at most this many days before the newest, the one with the most messages is chosen.
DAYS_IN_USE = 90

SET = """
    UPDATE chatlogs_member SET name = given.column2, sort_name = given.column3
    FROM {given} AS given
    WHERE chatlogs_member.id = given.column1
"""

COLUMNS = ("name", "message_count", "last_seen")
Called = tuple[str, int, dt.date]


class Use(NamedTuple):
    """How a name is used; compared field by field to choose the display name."""

    is_telling: bool
    is_recent: bool
    message_count: int
    name: str


def refresh_names(member_ids: Collection[int] | None = None) -> None:
    """Update the display names of these members, or of all, except those that a moderator has set.

    A name set for a member that was later merged into another is kept for the merged member.
    """
    aliases = Alias.objects.filter(member__is_name_curated=False)
    if member_ids is not None:
        aliases = aliases.filter(member__in=member_ids)
    names: defaultdict[tuple[int, str], list[Called]] = defaultdict(list)
    for member_id, called, *use in aliases.values_list("member_id", "member__name", *COLUMNS):
        names[member_id, called].append(_read(*use))
    merged = Member.objects.filter(is_name_curated=True).exclude(first_alias__member=F("pk")).order_by("-pk")
    curated = dict(merged.values_list("first_alias__member", "name"))
    changed = [
        (member_id, chosen, make_sort_key(chosen))
        for (member_id, called), of_member in names.items()
        if (chosen := curated.get(member_id) or _choose(of_member)) != called
    ]
    execute_for_rows(SET, "(%s::bigint, %s, %s)", changed)
    if changed:
        bump_revision()


def read_name(member: Member) -> str:
    """Return the name that the transcripts give a member, or the current one if it has no aliases."""
    names = [_read(*use) for use in Alias.objects.filter(member=member).values_list(*COLUMNS)]
    return _choose(names) if names else member.name


@transaction.atomic
def rename(member: Member, name: str) -> None:
    """Set the display name; "" restores the one from the transcripts."""
    name = name.strip()
    # First, because every transaction locks the Archive row before those of members.
    bump_revision()
    called = name or read_name(member)
    Member.objects.filter(pk=member.pk).update(name=called, sort_name=make_sort_key(called), is_name_curated=bool(name))


@transaction.atomic
def describe(member: Member, *, company: str, role: str, city: str) -> None:
    """Set a member's company, role and city; "" falls back to the parts of the names."""
    bump_revision()
    Member.objects.filter(pk=member.pk).update(company=company.strip(), role=role.strip(), city=city.strip())


def _read(name: str, message_count: int, last_seen: dt.date | None) -> Called:
    return name, message_count, last_seen or dt.date.min


def _choose(names: Sequence[Called]) -> str:
    if len(names) == 1:
        return names[0][0]
    newest = max(last_seen for _, _, last_seen in names)
    uses = [
        Use(name not in ("", EXPORTER), (newest - last_seen).days <= DAYS_IN_USE, count, name)
        for name, count, last_seen in names
    ]
    return max(uses).name
