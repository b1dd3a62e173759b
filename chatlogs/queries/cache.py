"""Results cached per revision: until anything that readers can see changes."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar, cast

from django.core.cache import cache

from chatlogs.models import Archive
from chatlogs.models.audience import cached_per_request
from chatlogs.models.rooms import get_room_access


@cached_per_request
def read_archive() -> Archive | None:
    """Return the archive without its keys, read once per request."""
    return next(iter(Archive.objects.only("revision", "index_version", "indexed_until")), None)


def read_revision() -> int:
    """Return a number that rises with every change that a reader could see."""
    archive = read_archive()
    return archive.revision if archive else 0


SECONDS_KEPT = 24 * 3600

Result = TypeVar("Result")

MISSING = object()


def cached_by_revision(
    name: str,
    asked: object,
    compute: Callable[[], Result],
    seconds_for: Callable[[Result], int] = lambda result: SECONDS_KEPT,
) -> Result:
    """Return the cached result, or compute and cache it for `seconds_for(result)`.

    The key is made before computing, so that an outdated result is never cached under a newer revision.
    """
    key = make_key(name, asked)
    found = cache.get(key, MISSING)
    if found is not MISSING:
        return cast(Result, found)
    result = compute()
    cache.set(key, result, seconds_for(result))
    return result


def make_key(name: str, asked: object) -> str:
    """Return the cache key for the `repr` of `asked`, the current revision and the reader's rooms."""
    key = (name, asked, read_revision(), sorted(get_room_access().listed))
    return sha256(repr(key).encode()).hexdigest()
