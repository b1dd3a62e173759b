"""Whether anything that readers see has changed."""

from __future__ import annotations

from chatlogs.audience import once_a_request
from chatlogs.models import Archive


@once_a_request
def read_archive() -> Archive | None:
    """As it was when the request first asked. Without the keys."""
    return next(iter(Archive.objects.only("revision", "index_version", "indexed_until")), None)


def read_revision() -> int:
    """It rises with every change that a reader could see."""
    archive = read_archive()
    return archive.revision if archive else 0
