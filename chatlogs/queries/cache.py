"""Whether anything that readers see has changed."""

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
    """As it was when the request first asked. Without the keys."""
    return next(iter(Archive.objects.only("revision", "index_version", "indexed_until")), None)


def read_revision() -> int:
    """It rises with every change that a reader could see."""
    archive = read_archive()
    return archive.revision if archive else 0


SECONDS_KEPT = 24 * 3600

Figure = TypeVar("Figure")


def keep(name: str, asked: object, figure: Callable[[], Figure]) -> Figure:
    """By what was asked, whose `repr` tells all of it, by the rooms in lists, and by the archive's revision.

    The revision is read first, so that what changes meanwhile cannot be kept under the one after.
    """
    revision = read_revision()
    asker = sorted(get_room_access().listed)
    key = sha256(repr((name, asked, revision, asker)).encode()).hexdigest()
    return cast(Figure, cache.get_or_set(key, figure, SECONDS_KEPT))
