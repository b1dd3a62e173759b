"""The index of all that can be found: told with documents, asked with lookups, on either database."""

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
    """Take documents in, within the transaction that makes their messages readable."""
    _backend().index(documents)


def remove(documents: Iterable[Document]) -> None:
    """Forget documents, given as they were taken in, within the transaction that changes their messages."""
    _backend().remove(documents)


def clear() -> None:
    """Forget everything, to build the index anew."""
    _backend().clear()


def finish() -> None:
    """What makes looking up fast, after much was taken in. Within a transaction."""
    _backend().finish()


def match(lookup: Lookup, limit: int, *, oldest_first: bool = False) -> list[int]:
    """Positions in order of time, the newest first unless told otherwise."""
    positions: list[int] = _backend().match(lookup, limit, oldest_first=oldest_first)
    return positions


def count(lookups: Sequence[Lookup], limit: int) -> list[int]:
    """How many match each, counted no further than the limit: one statement."""
    numbers: list[int] = _backend().count(lookups, limit) if lookups else []
    return numbers


def tally(lookup: Lookup, tally: Tally) -> None:
    """Add what matches to the counts."""
    _backend().tally(lookup, tally)


def read_contents() -> dict[int, int]:
    """A digest of the tokens that the index has of each document, by position."""
    digests: defaultdict[int, int] = defaultdict(int)
    for position, token in _backend().read_tokens():
        digests[position] ^= hash(token)
    return digests


def digest(document: Document) -> int:
    """What `read_contents` gives of a document that is indexed as it should be. Of this process alone."""
    return reduce(xor, map(hash, _backend().expected_tokens(document)), 0)


def _backend() -> ModuleType:
    if connection.vendor == "postgresql":
        from chatlogs.search.backends import postgres

        return postgres
    from chatlogs.search.backends import sqlite

    return sqlite
