"""The mentions in the texts of some days, and whose words their quotations are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from chatlogs.bulk import insert_rows
from chatlogs.indexing import reindexed
from chatlogs.models import Alias, Mention, MentionedName, Message, Sighting
from chatlogs.search.tokens import normalise
from chatlogs.text.accounts import EXPORTER
from chatlogs.text.mentions import KnownNames, find_mentions
from chatlogs.text.names import fold
from chatlogs.text.quotations import RULE, find_quotation

# Shorter words are said by many.
SHORTEST_QUOTED = 4


class Place(NamedTuple):
    """A mention in a message: its place in the text, and the name."""

    message_id: int
    start: int
    stop: int
    name: str


def find_in_days(day_ids: Sequence[int], known: KnownNames) -> None:
    """Bring the rows of the mentions in these days up to date. Within a transaction."""
    found: dict[Place, int] = {}
    texts = _texts(day_ids).filter(text__contains="@") | _texts(day_ids).filter(text__contains="＠")
    for message_id, room_id, text in texts.values_list("pk", "room_id", "text"):
        for start, stop, name in find_mentions(text, known):
            found[Place(message_id, start, stop, name)] = room_id
    stored = _read_stored(day_ids)
    new, gone = found.keys() - stored.keys(), stored.keys() - found.keys()
    if new or gone:
        _write(sorted(new), gone, found, stored)
    _note_quotations(day_ids)


def _texts(day_ids: Sequence[int]) -> QuerySet[Message]:
    """What was said, hidden or not: it may be shown again."""
    return Message.objects.filter(
        day__in=day_ids, kind=Message.Kind.TEXT, is_withdrawn=False, double_of=None
    ).order_by()


def _read_stored(day_ids: Sequence[int]) -> dict[Place, Mention]:
    mentions = Mention.objects.filter(
        message__day__in=day_ids, message__is_withdrawn=False, message__double_of=None
    ).select_related("name")
    return {Place(one.message_id, one.start, one.stop, one.name.text): one for one in mentions}


def _write(new: Sequence[Place], gone: Iterable[Place], rooms: dict[Place, int], stored: dict[Place, Mention]) -> None:
    singles = _take_singles([stored[place] for place in gone])
    name_ids = _get_or_create_names({(rooms[place], place.name) for place in new})
    rows = [
        (place.message_id, place.start, place.stop,
         singles.pop((place.message_id, place.name), None) or name_ids[rooms[place], place.name])
        for place in new
    ]  # fmt: skip
    with reindexed(sorted({place.message_id for place in (*new, *gone)})):
        Mention.objects.filter(pk__in=[stored[place].pk for place in gone]).delete()
        insert_rows(Mention, ["message_id", "start", "stop", "name_id"], rows)
    MentionedName.objects.filter(mentions=None).exclude(method=MentionedName.Method.CHOSEN).delete()


def _take_singles(gone: Iterable[Mention]) -> dict[tuple[int, str], int]:
    """What moderators said of single mentions goes with these, when the text around them has changed."""
    return {(one.message_id, one.name.text): one.name_id for one in gone if one.name.is_single}


def _get_or_create_names(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """(room id, name) -> id."""
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
    """Where words that are quoted under one name were said under another, on the same day."""
    quoting = _texts(day_ids).filter(text__contains=RULE).values_list("day_id", "position", "text")
    quotations = [(day_id, position, find_quotation(text)) for day_id, position, text in quoting]
    days = {day_id for day_id, _, quotation in quotations if quotation}
    Sighting.objects.filter(day__in=day_ids, kind=Sighting.Kind.QUOTATION).delete()
    if not days:
        return
    said = _read_said(days)
    aliases = _read_aliases(days)
    counts: Counter[tuple[int, int, int]] = Counter()
    for day_id, position, quotation in quotations:
        if quotation and len(quotation.text) >= SHORTEST_QUOTED and quotation.name != EXPORTER:
            quoted = aliases.get((day_id, fold(quotation.name)))
            authors = {alias_id for at, alias_id in said[day_id, _plain(quotation.text)] if at < position}
            if quoted and len(authors) == 1 and quoted not in authors:
                counts[day_id, quoted, authors.pop()] += 1
    insert_rows(
        Sighting,
        ["day_id", "kind", "alias_id", "account_hash", "other_id", "count"],
        [(day_id, "quotation", quoted, "", author, count) for (day_id, quoted, author), count in counts.items()],
    )


def _read_said(days: Iterable[int]) -> defaultdict[tuple[int, str], list[tuple[int, int]]]:
    """(day, words) -> where, and under which names, they were said."""
    said: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    messages = Message.objects.visible().filter(day__in=days, alias__isnull=False).order_by()
    for day_id, position, alias_id, text in messages.values_list("day_id", "position", "alias_id", "text"):
        said[day_id, _plain(text)].append((position, alias_id))
    return said


def _read_aliases(days: Iterable[int]) -> dict[tuple[int, str], int]:
    """(day, folded name) -> the alias of the day's room."""
    rooms = dict(Message.objects.filter(day__in=days).order_by().values_list("day_id", "room_id").distinct())
    names = Alias.objects.filter(room__in=set(rooms.values())).exclude(name="").order_by("-pk")
    by_room: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for room_id, name, pk in names.values_list("room_id", "name", "pk"):
        by_room[room_id][fold(name)] = pk
    return {(day_id, name): pk for day_id, room_id in rooms.items() for name, pk in by_room[room_id].items()}


def _plain(text: str) -> str:
    """Regardless of what quoting does to spaces and lost signs."""
    return "".join(text.split()).rstrip("?")
