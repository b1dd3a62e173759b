"""Keeps the search index in step with the messages that readers may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from chatlogs import search
from chatlogs.models import Archive, Message
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION
from chatlogs.search import Document
from chatlogs.text.addresses import has_address

# Messages a statement, and a transaction of a build.
BATCH = 5_000

COLUMNS = ("position", "room_id", "alias_id", "kind", "text")


def is_complete() -> bool:
    archive = Archive.objects.first()
    return archive is not None and archive.has_whole_index(search.VERSION)


def count_missing() -> int:
    """How many messages a build has still to take in."""
    return Message.objects.visible().filter(position__gte=_read_extent()).count()


@contextmanager
def reindexed(message_ids: Sequence[int]) -> Iterator[None]:
    """Within a transaction: what the block makes of these messages, existing or not, the index follows."""
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
    """Take in what the index does not have, a transaction a batch, from where a killed build stopped.

    `watch` gets the number of messages taken in since it was last called. The caller holds the import
    lock, and is in no transaction unless it wants one for all.
    """
    _prepare()
    while count := _take_in_batch():
        watch(count)
    with transaction.atomic():
        search.finish()
    with transaction.atomic():
        _lock_extent()
        Archive.objects.update(indexed_until=HIGHEST_POSITION, revision=F("revision") + 1)


@transaction.atomic
def reset() -> None:
    """Forget the whole index. Searches find nothing until it is built."""
    _lock_extent()
    search.clear()
    Archive.objects.update(index_version=search.VERSION, indexed_until=LOWEST_POSITION)


@dataclass(frozen=True, slots=True)
class Differences:
    """Positions of messages that are not in the index as they should be: not at all, though readers may
    see them; though readers may not, or of no message; with other tokens than their texts'."""

    missing: list[int]
    surplus: list[int]
    differing: list[int]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.differing)


def check() -> Differences:
    """Hold the whole index, as far as it is built, against the messages. The caller holds the import lock."""
    extent = _read_extent()
    found = search.read_contents()
    missing, differing = [], []
    messages = Message.objects.visible().filter(position__lt=extent).in_time_order()
    for row in messages.values_list(*COLUMNS).iterator(chunk_size=BATCH):
        document = _document(*row)
        digest = found.pop(document.position, None)
        if digest is None:
            missing.append(document.position)
        elif digest != search.digest(document):
            differing.append(document.position)
    return Differences(missing, sorted(found), differing)


def _prepare() -> None:
    archive, _ = Archive.objects.get_or_create()
    if archive.index_version != search.VERSION:
        reset()


@transaction.atomic
def _take_in_batch() -> int:
    extent = _lock_extent()
    messages = Message.objects.visible().filter(position__gte=extent).in_time_order()
    documents = [_document(*row) for row in messages.values_list(*COLUMNS)[:BATCH]]
    if documents:
        search.index(documents)
        Archive.objects.update(indexed_until=documents[-1].position + 1)
    return len(documents)


def _read_extent() -> int:
    """The position below which the index has everything."""
    archive = Archive.objects.filter(index_version=search.VERSION).first()
    return archive.indexed_until if archive else LOWEST_POSITION


def _lock_extent() -> int:
    """The same, for those who are about to change it or what is below it.

    The lock makes those who change what can be seen wait for each other, so that none of them works
    with what another one is changing.
    """
    archive = Archive.objects.select_for_update().filter(index_version=search.VERSION).first()
    return archive.indexed_until if archive else LOWEST_POSITION


def _documents(message_ids: Sequence[int], extent: int) -> set[Document]:
    """What the index has, or is to have, of these messages."""
    documents: set[Document] = set()
    for start in range(0, len(message_ids), BATCH):
        messages = Message.objects.visible().filter(pk__in=message_ids[start : start + BATCH], position__lt=extent)
        documents.update(_document(*row) for row in messages.values_list(*COLUMNS))
    return documents


def _document(position: int, room_id: int, alias_id: int | None, kind: str, text: str) -> Document:
    has_link = kind == Message.Kind.LINK or has_address(text)
    return Document(position, room_id, alias_id, kind, has_link, text)
