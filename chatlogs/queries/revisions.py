"""Whether anything that readers see has changed."""

from __future__ import annotations

from chatlogs.audience import current_audience
from chatlogs.models import Archive


def read_archive() -> Archive | None:
    """As it was when the request first asked. Without the keys."""
    return current_audience().once("archive", _read_archive)


def read_revision() -> int:
    """It rises with every change that a reader could see."""
    archive = read_archive()
    return archive.revision if archive else 0


def _read_archive() -> Archive | None:
    return next(iter(Archive.objects.only("revision", "index_version", "indexed_until")), None)
