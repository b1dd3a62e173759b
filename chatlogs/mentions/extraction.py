"""Finds mentions in messages, and the authors of quoted messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from chatlogs.db.bulk import in_batches, insert_rows
from chatlogs.models import Alias, Day, Mention, MentionedName, Message, NameEvidence
from chatlogs.models.revision import bump_revision
from chatlogs.search.sync import reindexed
from chatlogs.search.tokens import normalise
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.mentions import KnownNames, find_mentions
from chatlogs.text.names import fold
from chatlogs.text.quotations import RULE, find_quotation

# Shorter quotations match the messages of many.
SHORTEST_QUOTED = 4


class Quoted(NamedTuple):
    """A quotation: its message, the quoted name, and the text without spaces."""

    day_id: int
    room_id: int
    position: int
    name: str
    words: str


class Author(NamedTuple):
    """A quoted name, and the alias of the original message."""

    day_id: int
    room_id: int
    name: str
    alias_id: int


def find_authors(day_ids: Collection[int]) -> Iterator[Author]:
    """Return the quotations on these days with a single author: who sent the same text earlier that day."""
    quotations = list(_read_quotations(day_ids))
    said = _read_said({(quoted.day_id, quoted.words) for quoted in quotations})
    for quoted in quotations:
        authors = {author for at, author in said[quoted.day_id, quoted.words] if at < quoted.position}
        if len(authors) == 1:
            yield Author(quoted.day_id, quoted.room_id, quoted.name, authors.pop())


def _read_quotations(day_ids: Collection[int]) -> Iterator[Quoted]:
    messages = Message.objects.shown().filter(day__in=day_ids, text__contains=RULE).in_time_order()
    for day_id, room_id, position, text in messages.values_list("day_id", "room_id", "position", "text"):
        quotation = find_quotation(text)
        if quotation and quotation.name not in ("", EXPORTER):
            words = _plain(quotation.text)
            if len(words) >= SHORTEST_QUOTED:
                yield Quoted(day_id, room_id, position, quotation.name, words)


def _read_said(wanted: set[tuple[int, str]]) -> defaultdict[tuple[int, str], list[tuple[int, int]]]:
    """Return (position, alias ID) of the messages with a wanted (day ID, text)."""
    beginnings = {(day_id, words[0]) for day_id, words in wanted}
    said: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    messages = Message.objects.shown().filter(day__in={day_id for day_id, _ in wanted}, alias__isnull=False)
    for day_id, position, alias_id, text in messages.order_by().values_list("day_id", "position", "alias_id", "text"):
        if (day_id, text.lstrip()[:1]) in beginnings and (day_id, words := _plain(text)) in wanted:
            said[day_id, words].append((position, alias_id))
    return said


def _plain(text: str) -> str:
    """Remove what quoting changes: spaces, and question marks that replace characters at the end."""
    return "".join(text.split()).rstrip("?")


class Place(NamedTuple):
    """A mention in a message: its span in the text, and the name."""

    message_id: int
    start: int
    stop: int
    name: str


def find_in_days(day_ids: Sequence[int], known: KnownNames) -> set[int]:
    """Update the mentions of these days, within a transaction. Return the IDs of names that lost some."""
    found: dict[Place, int] = {}
    texts = find_texts().filter(day__in=day_ids).values_list("pk", "room_id", "text")
    for message_id, room_id, text in texts:
        for start, stop, name in find_mentions(text, known):
            found[Place(message_id, start, stop, name)] = room_id
    mentions = Mention.objects.filter(
        message__day__in=day_ids, message__is_withdrawn=False, message__duplicate_of=None
    ).select_related("name")
    stored = {Place(one.message_id, one.start, one.stop, one.name.text): one for one in mentions}
    new, gone = found.keys() - stored.keys(), stored.keys() - found.keys()
    if new or gone:
        _write(sorted(new), gone, found, stored)
    _note_quotations(day_ids)
    return {stored[place].name_id for place in gone}


def find_texts() -> QuerySet[Message]:
    """Return messages with an `@`, including hidden ones, which may be shown again."""
    said = Message.objects.filter(kind=Message.Kind.TEXT, is_withdrawn=False, duplicate_of=None)
    return said.filter(Q(text__contains="@") | Q(text__contains="＠")).order_by()


def _write(new: Sequence[Place], gone: Iterable[Place], rooms: dict[Place, int], stored: dict[Place, Mention]) -> None:
    singles = _keep_singles(new, [stored[place] for place in sorted(gone)])
    name_ids = _get_or_create_names({(rooms[place], place.name) for place in new})
    rows = [
        (place.message_id, place.start, place.stop, singles.get(place) or name_ids[rooms[place], place.name])
        for place in new
    ]
    message_ids = sorted({place.message_id for place in (*new, *gone)})
    with reindexed(message_ids):
        Mention.objects.filter(pk__in=[stored[place].pk for place in gone]).delete()
        insert_rows(Mention, ["message_id", "start", "stop", "name_id"], rows)
    MentionedName.objects.filter(mentions=None).exclude(method=MentionedName.Method.CHOSEN).delete()
    for some in in_batches(message_ids):
        days = Message.objects.filter(pk__in=some).order_by().values("day")
        Day.objects.filter(pk__in=days).update(revision=F("revision") + 1)
    bump_revision()


def _keep_singles(new: Sequence[Place], gone: Sequence[Mention]) -> dict[Place, int]:
    """Return the names that moderators chose for single mentions which a changed text has moved, in order."""
    before: defaultdict[tuple[int, str], list[Mention]] = defaultdict(list)
    for mention in gone:
        before[mention.message_id, mention.name.text].append(mention)
    kept = {}
    for place in new:
        same = before[place.message_id, place.name]
        if same and (mention := same.pop(0)).name.is_single:
            kept[place] = mention.name_id
    return kept


def _get_or_create_names(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Return the ID of each (room ID, name)."""
    rooms = {room_id for room_id, _ in wanted}
    ids = _read_names(rooms)
    missing = sorted(wanted - ids.keys())
    if missing:
        insert_rows(
            MentionedName,
            ["room_id", "text", "normalised_text", "method", "is_sure", "is_single"],
            [(room_id, text, normalise(text), "", False, False) for room_id, text in missing],
        )
        ids = _read_names(rooms)
    return ids


def _read_names(rooms: Iterable[int]) -> dict[tuple[int, str], int]:
    rows = MentionedName.objects.filter(room__in=rooms, is_single=False).values_list("room_id", "text", "pk")
    return {(room_id, text): pk for room_id, text, pk in rows}


def _note_quotations(day_ids: Sequence[int]) -> None:
    """Store evidence of quotations under another name than that of the original message."""
    authors = list(find_authors(day_ids))
    names = Alias.objects.filter(room__in={author.room_id for author in authors}).exclude(name="").order_by("-pk")
    # Of names that fold alike, the first.
    aliases = {(room_id, fold(name)): pk for room_id, name, pk in names.values_list("room_id", "name", "pk")}
    counts: Counter[tuple[int, int, int]] = Counter()
    for author in authors:
        quoted = aliases.get((author.room_id, fold(author.name)))
        if quoted not in (None, author.alias_id):
            counts[author.day_id, quoted, author.alias_id] += 1
    NameEvidence.objects.filter(day__in=day_ids, kind=NameEvidence.Kind.QUOTATION).delete()
    insert_rows(
        NameEvidence,
        ["day_id", "kind", "alias_id", "account_hash", "other_id", "count"],
        [(day_id, "quotation", quoted, "", author, count) for (day_id, quoted, author), count in counts.items()],
    )
