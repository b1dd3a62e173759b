"""Brings the mentions up to date with the messages and the names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef

from chatlogs.bulk import execute_for_rows
from chatlogs.mentioning.directory import Directory, Known, Meaning, Method
from chatlogs.mentioning.finding import find_in_days
from chatlogs.mentioning.learning import learn
from chatlogs.mentioning.siblings import find_siblings
from chatlogs.models import Alias, Archive, Day, Mention, MentionedName
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.mentions import LONGEST_NAME, VERSION, KnownNames
from chatlogs.text.names import NameParts

# Days a transaction.
BATCH = 200

# Values a statement: SQLite takes 32,766 parameters.
MOST_ASKED_FOR = 5_000

Value = TypeVar("Value", int, str)

SET = """
    UPDATE chatlogs_mentionedname SET alias_id = given.column2, method = given.column3, is_sure = given.column4
    FROM {given} AS given
    WHERE chatlogs_mentionedname.id = given.column1
"""


@dataclass(slots=True)
class Resolved:
    """Days looked through, and mentioned names that now mean somebody else or are known otherwise."""

    days: int = 0
    names: int = 0


@dataclass(slots=True)
class Names:
    """The mentioned names of some rooms, with what they mean now and what they meant before."""

    rows: dict[int, MentionedName]
    meanings: dict[int, Meaning] = field(default_factory=dict)

    def doubtful(self) -> dict[int, MentionedName]:
        """What the names alone do not tell surely."""
        return {pk: self.rows[pk] for pk, meaning in self.meanings.items() if not meaning.is_sure}


def is_resolved() -> bool:
    archive = Archive.objects.first()
    is_current = archive is None or archive.mentions_version == VERSION
    return is_current and not Day.objects.filter(has_mentions_resolved=False).exists()


def resolve(*, everything: bool = False, watch: Callable[[int], object] = lambda count: None) -> Resolved:
    """Look for mentions in the days that have changed, or in all of them, and for who is meant.

    `watch` gets numbers of days looked through. The caller holds the import lock.
    """
    resolved = Resolved()
    known = list(read_known_names())
    newest = Alias.objects.aggregate(newest=Max("pk"))["newest"] or 0
    archive = Archive.objects.first()
    if archive is None:
        return resolved
    has_new_names = newest > archive.newest_known_alias
    if everything or archive.mentions_version != VERSION:
        everything = True
        Day.objects.update(has_mentions_resolved=False)
    elif has_new_names:
        _look_again_for(Alias.objects.filter(pk__gt=archive.newest_known_alias).values_list("name", flat=True))
    names = KnownNames(one.name for one in known)
    days = list(Day.objects.filter(has_mentions_resolved=False).order_by("room", "date").values_list("pk", flat=True))
    for start in range(0, len(days), BATCH):
        with transaction.atomic():
            find_in_days(days[start : start + BATCH], names)
        watch(len(days[start : start + BATCH]))
    resolved.days = len(days)
    if days or everything:
        with transaction.atomic():
            resolved.names = _resolve_names(known, days, has_new_names=has_new_names or everything)
            Day.objects.filter(has_mentions_resolved=False).update(has_mentions_resolved=True)
            Archive.objects.exclude(mentions_version=VERSION, newest_known_alias=newest).update(
                mentions_version=VERSION, newest_known_alias=newest
            )
    return resolved


def read_known_names() -> Iterator[Known]:
    """Whom names can stand for: all but the nameless, and the exporter's name for itself."""
    columns = ("pk", "member_id", "room_id", "name", "message_count", "person", "company", "role", "city", "remark")
    for pk, member_id, room_id, name, count, *parts in Alias.objects.exclude(name="").values_list(*columns):
        if name != EXPORTER:
            yield Known(pk, member_id, room_id, name, NameParts(*parts), count)


def _look_again_for(new_names: Iterable[str]) -> None:
    """Where a shorter name, or the beginning of one, was taken for the mention, a new name may be what was meant."""
    beginnings = {
        name[:length] for name in map(str.strip, new_names) for length in range(1, min(len(name), LONGEST_NAME))
    }
    for some in _batches(sorted(beginnings)):
        mentions = Mention.objects.filter(name__text__in=some)
        Day.objects.filter(pk__in=mentions.order_by().values("message__day")).update(has_mentions_resolved=False)


def _resolve_names(known: Sequence[Known], days: Sequence[int], *, has_new_names: bool) -> int:
    rooms = set(Day.objects.filter(pk__in=days).order_by().values_list("room_id", flat=True).distinct())
    rows = MentionedName.objects.filter(is_single=False)
    names = Names({row.pk: row for row in rows})
    directory = Directory.of(known)
    for pk, row in names.rows.items():
        if row.method != Method.CHOSEN and (has_new_names or row.room_id in rooms):
            names.meanings[pk] = directory.find(row.text, row.room_id)
        else:
            names.meanings[pk] = Meaning(row.alias_id, row.method, row.is_sure)
    _learn(names, days, known)
    for pk, meaning in find_siblings(names.rows, names.meanings).items():
        names.meanings[pk] = meaning
    return _store(names)


def _learn(names: Names, days: Sequence[int], known: Sequence[Known]) -> None:
    """From all mentions of the names that are in doubt, where any of their months has changed.

    Where a weak likeness of names means the same member, that is how it is known.
    """
    doubtful = names.doubtful()
    if not doubtful:
        return
    owners = {one.alias_id: one.member_id for one in known}
    touched = _touched(doubtful, days)
    for pk, row in doubtful.items():
        if pk not in touched and row.method == Method.LEARNED:
            names.meanings[pk] = Meaning(row.alias_id, Method.LEARNED)
    for pk, alias_id in learn(doubtful[pk] for pk in sorted(touched)).items():
        if owners.get(names.meanings[pk].alias_id or 0) != owners.get(alias_id, 0):
            names.meanings[pk] = Meaning(alias_id, Method.LEARNED)


def _touched(doubtful: dict[int, MentionedName], days: Sequence[int]) -> set[int]:
    """Names with a mention in a room's month of which a day has changed: what is chance there has changed, too."""
    months = {
        (room_id, date.year, date.month)
        for room_id, date in Day.objects.filter(pk__in=days).order_by().values_list("room_id", "date")
    }
    mentions = Mention.objects.visible().filter(name__in=doubtful).order_by()
    rows = mentions.values_list("name_id", "message__room_id", "message__day__date").distinct()
    return {pk for pk, room_id, date in rows if (room_id, date.year, date.month) in months}


def _store(names: Names) -> int:
    changed = [
        (pk, *meaning)
        for pk, meaning in names.meanings.items()
        if (names.rows[pk].alias_id, names.rows[pk].method, names.rows[pk].is_sure) != meaning
    ]
    execute_for_rows(SET, "(%s::bigint, %s::bigint, %s, %s::boolean)", changed)
    if changed:
        _raise_revisions([pk for pk, *_ in changed])
    return len(changed)


def _raise_revisions(name_ids: Sequence[int]) -> None:
    """The pages of the days with these mentions have changed."""
    for some in _batches(name_ids):
        mentions = Mention.objects.filter(name__in=some, message__day=OuterRef("pk"))
        Day.objects.filter(Exists(mentions)).update(revision=F("revision") + 1)
    Archive.objects.update(revision=F("revision") + 1)


def _batches(values: Sequence[Value]) -> Iterable[Sequence[Value]]:
    return (values[start : start + MOST_ASKED_FOR] for start in range(0, len(values), MOST_ASKED_FOR))
