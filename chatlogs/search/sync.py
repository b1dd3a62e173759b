"""Keeps the search index in sync with the readable messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from chatlogs import search
from chatlogs.models import Archive, Mention, Message
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION
from chatlogs.models.revision import bump_revision
from chatlogs.search import Document
from chatlogs.text.urls import has_address

# Messages per statement, and per transaction of a build.
BATCH = 5_000

COLUMNS = ("position", "room_id", "alias_id", "kind", "text")
Row = tuple[int, int, int | None, str, str]

# Ids of mentioned names by position of the message.
Mentions = Mapping[int, set[int]]


def is_complete() -> bool:
    archive = Archive.objects.first()
    return archive is not None and archive.has_whole_index(search.VERSION)


def count_missing() -> int:
    """Return the number of messages that are not indexed yet."""
    return Message.objects.shown().filter(position__gte=_read_extent()).count()


@contextmanager
def reindexed(message_ids: Sequence[int]) -> Iterator[None]:
    """Reindex these messages after the block has changed, added or deleted them. Use within a transaction."""
    extent = _lock_extent()
    if extent == LOWEST_POSITION:
        yield
        return
    before = _documents(message_ids, extent)
    yield
    after = _documents(message_ids, extent)
    search.remove(before - after)
    search.index(sorted(after - before))


def build(watch: Callable[[int], object] = lambda count: None) -> None:
    """Index what is missing, one transaction per batch; continues an interrupted build.

    `watch` is called with the number of messages of each batch. The caller holds the import lock. Within a transaction
    of the caller, there is only that one.
    """
    archive, _ = Archive.objects.get_or_create()
    if archive.index_version != search.VERSION:
        reset()
    while count := _index_batch():
        watch(count)
    with transaction.atomic():
        search.finish()
    with transaction.atomic():
        _lock_extent()
        Archive.objects.update(indexed_until=HIGHEST_POSITION)
        bump_revision()


@transaction.atomic
def reset() -> None:
    """Empty the index. Searches find nothing until it is rebuilt."""
    _lock_extent()
    search.clear()
    Archive.objects.update(index_version=search.VERSION, indexed_until=LOWEST_POSITION)


@dataclass(frozen=True, slots=True)
class Differences:
    """Positions of readable messages missing in the index, of indexed messages that are not readable, and of messages
    indexed with wrong tokens."""

    missing: list[int]
    surplus: list[int]
    differing: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.differing)


def check() -> Differences:
    """Compare the index, as far as it is built, with the messages. The caller holds the import lock."""
    extent = _read_extent()
    found = search.read_contents()
    missing, differing = [], []
    messages = Message.objects.shown().filter(position__lt=extent).in_time_order()
    mentions = _read_mentions(LOWEST_POSITION, HIGHEST_POSITION)
    for row in messages.values_list(*COLUMNS).iterator(chunk_size=BATCH):
        (document,) = _make_documents([row], mentions)
        digest = found.pop(document.position, None)
        if digest is None:
            missing.append(document.position)
        elif digest != search.digest(document):
            differing.append(document.position)
    return Differences(missing, sorted(found), differing)


@transaction.atomic
def _index_batch() -> int:
    extent = _lock_extent()
    messages = Message.objects.shown().filter(position__gte=extent).in_time_order()
    rows = list(messages.values_list(*COLUMNS)[:BATCH])
    if not rows:
        return 0
    documents = _make_documents(rows, _read_mentions(rows[0][0], rows[-1][0]))
    search.index(documents)
    Archive.objects.update(indexed_until=documents[-1].position + 1)
    return len(documents)


def _read_extent() -> int:
    """Return the position below which the index is complete."""
    archive = Archive.objects.filter(index_version=search.VERSION).first()
    return archive.indexed_until if archive else LOWEST_POSITION


def _lock_extent() -> int:
    """Return the extent, and lock it until the end of the transaction to serialise changes of visible messages."""
    archive = Archive.objects.select_for_update().filter(index_version=search.VERSION).first()
    return archive.indexed_until if archive else LOWEST_POSITION


def _documents(message_ids: Sequence[int], extent: int) -> set[Document]:
    """Return the documents of these messages, as far as the index is built."""
    documents: set[Document] = set()
    for start in range(0, len(message_ids), BATCH):
        some = message_ids[start : start + BATCH]
        messages = Message.objects.shown().filter(pk__in=some, position__lt=extent)
        mentions = _by_position(Mention.objects.filter(message__in=some))
        documents.update(_make_documents(messages.values_list(*COLUMNS), mentions))
    return documents


def _make_documents(rows: Iterable[Row], mentions: Mentions) -> list[Document]:
    return [
        Document(
            position,
            room_id,
            alias_id,
            kind,
            kind == Message.Kind.LINK or has_address(text),
            text,
            tuple(sorted(mentions.get(position, ()))),
        )
        for position, room_id, alias_id, kind, text in rows
    ]


def _read_mentions(first: int, last: int) -> Mentions:
    return _by_position(Mention.objects.filter(message__position__gte=first, message__position__lte=last))


def _by_position(mentions: QuerySet[Mention]) -> Mentions:
    names: defaultdict[int, set[int]] = defaultdict(set)
    for position, name_id in mentions.order_by().values_list("message__position", "name_id"):
        names[position].add(name_id)
    return names
