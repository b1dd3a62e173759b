"""The full-text index, on SQLite FTS5 or PostgreSQL: documents are added, lookups are matched and counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import xor
from types import ModuleType

from django.db import connection

from chatlogs.search.attributes import VERSION
from chatlogs.search.lookups import Document, Lookup, Tally

__all__ = [
    "VERSION",
    "Document",
    "Lookup",
    "Tally",
    "clear",
    "count",
    "digest",
    "finish",
    "index",
    "match",
    "read_contents",
    "remove",
    "tally",
]


def index(documents: Iterable[Document]) -> None:
    """Add documents. Call within the transaction that makes their messages readable."""
    _backend().index(documents)


def remove(documents: Iterable[Document]) -> None:
    """Remove documents, given as they were added. Call within the transaction that changes their messages."""
    _backend().remove(documents)


def clear() -> None:
    """Remove everything, before a rebuild."""
    _backend().clear()


def finish() -> None:
    """Optimise the index after many additions. Call within a transaction."""
    _backend().finish()


def match(lookup: Lookup, limit: int, *, oldest_first: bool = False) -> list[int]:
    """Return positions of messages, newest first by default."""
    positions: list[int] = _backend().match(lookup, limit, oldest_first=oldest_first)
    return positions


def count(lookups: Sequence[Lookup], limit: int) -> list[int]:
    """Return the number of matches of each lookup, at most `limit`, with one statement."""
    numbers: list[int] = _backend().count(lookups, limit) if lookups else []
    return numbers


def tally(lookup: Lookup, tally: Tally) -> None:
    """Add the matches to the counts of `tally`."""
    _backend().tally(lookup, tally)


def read_contents() -> dict[int, int]:
    """Return a digest of each indexed document's tokens, by position. Valid within this process."""
    digests: defaultdict[int, int] = defaultdict(int)
    for position, token in _backend().read_tokens():
        digests[position] ^= hash(token)
    return digests


def digest(document: Document) -> int:
    """Return what `read_contents` returns for a correctly indexed document."""
    return reduce(xor, map(hash, _backend().expected_tokens(document)), 0)


def _backend() -> ModuleType:
    if connection.vendor == "postgresql":
        from chatlogs.search.backends import postgres

        return postgres
    from chatlogs.search.backends import sqlite

    return sqlite
