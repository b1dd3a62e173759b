"""Updates mentions after changes of messages and names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef

from chatlogs.db.bulk import execute_for_rows, in_batches
from chatlogs.mentions.directory import Directory, Known, Meaning, Method, find_siblings
from chatlogs.mentions.extraction import find_in_days, find_texts
from chatlogs.mentions.inference import learn
from chatlogs.models import Alias, Archive, Day, Mention, MentionedName
from chatlogs.models.revision import bump_revision
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.mentions import VERSION, KnownNames
from chatlogs.text.names import NameParts, fold

# Days per transaction.
BATCH = 200

SET = """
    UPDATE chatlogs_mentionedname SET alias_id = given.column2, method = given.column3, is_sure = given.column4
    FROM {given} AS given
    WHERE chatlogs_mentionedname.id = given.column1
"""


@dataclass(slots=True)
class Resolved:
    """The number of days searched, and of mentioned names whose referent or method changed."""

    days: int = 0
    names: int = 0


@dataclass(slots=True)
class Names:
    """The mentioned names of some rooms, with their current and previous referents."""

    rows: dict[int, MentionedName]
    meanings: dict[int, Meaning] = field(default_factory=dict)

    def doubtful(self) -> dict[int, MentionedName]:
        """Return the names that their text alone does not resolve with certainty."""
        return {pk: self.rows[pk] for pk, meaning in self.meanings.items() if not meaning.is_sure}


def is_resolved() -> bool:
    archive = Archive.objects.first()
    is_current = archive is None or archive.mentions_version == VERSION
    return is_current and not Day.objects.filter(has_mentions_resolved=False).exists()


def resolve(*, everything: bool = False, watch: Callable[[int], object] = lambda count: None) -> Resolved:
    """Find the mentions in changed days, or in all, and resolve all names.

    `watch` gets the number of days of each batch. The caller holds the import lock.
    """
    resolved = Resolved()
    known = list(read_known_names())
    newest = Alias.objects.aggregate(newest=Max("pk"))["newest"] or 0
    archive = Archive.objects.first()
    if archive is None:
        return resolved
    if everything or archive.mentions_version != VERSION:
        everything = True
        Day.objects.update(has_mentions_resolved=False)
    elif newest > archive.newest_known_alias:
        _look_again_for(Alias.objects.filter(pk__gt=archive.newest_known_alias).values_list("name", flat=True))
    names = KnownNames(one.name for one in known)
    days = list(Day.objects.filter(has_mentions_resolved=False).order_by("room", "date").values_list("pk", flat=True))
    changed: set[int] = set()
    for start in range(0, len(days), BATCH):
        with transaction.atomic():
            changed |= find_in_days(days[start : start + BATCH], names)
        watch(len(days[start : start + BATCH]))
    resolved.days = len(days)
    if days or everything:
        with transaction.atomic():
            resolved.names = _resolve_names(known, changed)
            Day.objects.filter(has_mentions_resolved=False).update(has_mentions_resolved=True)
            Archive.objects.exclude(mentions_version=VERSION, newest_known_alias=newest).update(
                mentions_version=VERSION, newest_known_alias=newest
            )
    return resolved


def find_again(day_ids: Sequence[int]) -> None:
    """Find the mentions in days with changed texts, within a transaction.

    Names are resolved by their text now; inference follows when mentions are next resolved.
    """
    known = list(read_known_names())
    directory = Directory.of(known)
    names = KnownNames(one.name for one in known)
    for some in in_batches(day_ids):
        find_in_days(some, names)
        unknown = MentionedName.objects.filter(mentions__message__day__in=some, method=Method.NONE).distinct()
        rows = [(row.pk, *directory.find(row.text, row.room_id)) for row in unknown]
        execute_for_rows(SET, "(%s::bigint, %s::bigint, %s, %s::boolean)", rows)
        Day.objects.filter(pk__in=some).update(has_mentions_resolved=False)


def read_known_names() -> Iterator[Known]:
    """Return the names that mentions can refer to: not empty ones, and not the exporter's 我."""
    columns = ("pk", "member_id", "room_id", "name", "message_count", "person", "company", "role", "city", "remark")
    for pk, member_id, room_id, name, count, *parts in Alias.objects.exclude(name="").values_list(*columns):
        if name != EXPORTER:
            yield Known(pk, member_id, room_id, name, NameParts(*parts), count)


def _look_again_for(new_names: Iterable[str]) -> None:
    """Mark days for another search whose messages contain a new name after an `@`."""
    names = KnownNames(new_names)
    texts = find_texts().filter(day__has_mentions_resolved=True).values_list("day_id", "text")
    for some in in_batches(sorted({day_id for day_id, text in texts.iterator() if names.are_in(text)})):
        Day.objects.filter(pk__in=some).update(has_mentions_resolved=False)


def _resolve_names(known: Sequence[Known], changed: set[int]) -> int:
    """Resolve all names, because new messages change how active people are. `changed` are names that lost mentions."""
    rows = MentionedName.objects.filter(is_single=False)
    names = Names({row.pk: row for row in rows})
    directory = Directory.of(known)
    for pk, row in names.rows.items():
        if row.method == Method.CHOSEN:
            names.meanings[pk] = Meaning(row.alias_id, row.method, row.is_sure)
        else:
            names.meanings[pk] = directory.find(row.text, row.room_id)
    _learn(names, changed)
    for pk, meaning in find_siblings(names.rows, names.meanings).items():
        names.meanings[pk] = meaning
    return _store(names)


def _learn(names: Names, changed: set[int]) -> None:
    """Infer the doubtful names again if anything about them has changed.

    The method of the directory is kept if it found the same member.
    """
    doubtful = names.doubtful()
    owners: dict[int | None, int] = dict(Alias.objects.order_by().values_list("pk", "member_id"))
    changed = changed | _touched(doubtful)
    changed |= {pk for pk, row in doubtful.items() if _was_known_otherwise(row, names.meanings[pk], owners)}
    alike = {(doubtful[pk].room_id, fold(doubtful[pk].text)) for pk in changed & doubtful.keys()}
    again = {pk for pk, row in doubtful.items() if (row.room_id, fold(row.text)) in alike}
    learned = {pk: row.alias_id for pk, row in doubtful.items() if row.method == Method.LEARNED and pk not in again}
    for pk, alias_id in [*learned.items(), *learn(doubtful[pk] for pk in sorted(again)).items()]:
        if owners.get(names.meanings[pk].alias_id) != owners.get(alias_id):
            names.meanings[pk] = Meaning(alias_id, Method.LEARNED)


def _touched(doubtful: dict[int, MentionedName]) -> set[int]:
    """Return names mentioned in a room's month with a changed day: the chances of that month have changed."""
    changed = Day.objects.filter(has_mentions_resolved=False).order_by().values_list("room_id", "date")
    months = {(room_id, date.year, date.month) for room_id, date in changed}
    touched = set()
    for some in in_batches(sorted(doubtful)):
        mentions = Mention.objects.filter(name__in=some).order_by()
        rows = mentions.values_list("name_id", "message__room_id", "message__day__date").distinct()
        touched |= {pk for pk, room_id, date in rows if (room_id, date.year, date.month) in months}
    return touched


def _was_known_otherwise(row: MentionedName, meaning: Meaning, owners: Mapping[int | None, int]) -> bool:
    """Return whether the name was resolved by its text with certainty, or to another member."""
    if row.method in (Method.NONE, Method.LEARNED, Method.SIBLING):
        return False
    return row.is_sure or owners.get(row.alias_id) != owners.get(meaning.alias_id)


def _store(names: Names) -> int:
    """Store changed meanings, invalidate the pages that show them, and return their number."""
    changed = [
        (pk, *meaning)
        for pk, meaning in names.meanings.items()
        if (names.rows[pk].alias_id, names.rows[pk].method, names.rows[pk].is_sure) != meaning
    ]
    execute_for_rows(SET, "(%s::bigint, %s::bigint, %s, %s::boolean)", changed)
    if changed:
        for some in in_batches([pk for pk, *_ in changed]):
            mentions = Mention.objects.filter(name__in=some, message__day=OuterRef("pk"))
            Day.objects.filter(Exists(mentions)).update(revision=F("revision") + 1)
        bump_revision()
    return len(changed)
