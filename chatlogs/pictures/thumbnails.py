"""Thumbnails on disk, by the keys of the messages that show them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from chatlogs.pictures.folder import Opened

CONTENT_TYPE = "image/webp"


def open_thumbnail(key: str) -> Opened | None:
    try:
        file = _path(key).open("rb")
    except FileNotFoundError:
        return None
    status = os.fstat(file.fileno())
    return Opened(file, CONTENT_TYPE, status.st_size, status.st_mtime_ns)


def read_source_time(key: str) -> int | None:
    """When the picture that it was made of had been changed, in nanoseconds; None where there is no thumbnail."""
    try:
        return _path(key).stat().st_mtime_ns
    except FileNotFoundError:
        return None


def write_thumbnail(key: str, thumbnail: bytes, source_ns: int) -> None:
    """Whole or not at all, and with the time of what it is made of."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(thumbnail)
    os.utime(unfinished, ns=(source_ns, source_ns))
    unfinished.replace(path)


def remove_thumbnails(keys: Iterable[str]) -> None:
    for key in keys:
        _path(key).unlink(missing_ok=True)


def remove_when_committed(keys: Collection[str]) -> None:
    transaction.on_commit(lambda: remove_thumbnails(keys))


def remove_others(keys: Collection[str]) -> None:
    """All but those of these messages."""
    for path in _folder().glob("*/*"):
        if path.suffix != ".webp" or path.stem not in keys:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "thumbnails"


def _path(key: str) -> Path:
    """By months, which a key begins with."""
    return _folder() / Path(key[:6]).name / Path(f"{key}.webp").name
