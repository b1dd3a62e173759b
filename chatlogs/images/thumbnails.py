"""Thumbnails on disk, by the keys of the messages that show them."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps

from chatlogs.images.folder import NotUsable, Opened

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


# A few hundred bytes can say that they are a picture of gigabytes.
MOST_PIXELS = 40_000_000

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
ORIENTATION = 0x0112
LYING = range(5, 9)


class Shrunk(NamedTuple):
    """`width` and `height` are the whole picture's, the right way up; `thumbnail` is a WebP file."""

    width: int
    height: int
    thumbnail: bytes


def shrink(file: BinaryIO, longest_side: int) -> Shrunk:
    """Of an animation, the first frame. Raises NotUsable, whatever is in the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _shrink(file, longest_side)
    except NotUsable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NotUsable(_too_large()) from None
    except Exception as error:  # A broken file makes the decoders raise anything.
        raise NotUsable(f"a broken picture: {error}") from None


def _shrink(file: BinaryIO, longest_side: int) -> Shrunk:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise NotUsable(_too_large())
        if picture.getexif().get(ORIENTATION) in LYING:
            width, height = height, width
        # A large JPEG need not be decoded in full for this.
        picture.draft(None, (2 * longest_side, 2 * longest_side))
        upright = ImageOps.exif_transpose(picture)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    small.thumbnail((longest_side, longest_side))
    small.info.clear()
    written = io.BytesIO()
    small.save(written, "WEBP", quality=80, exif=b"", xmp=b"")
    return Shrunk(width, height, written.getvalue())


def _too_large() -> str:
    return f"over {MOST_PIXELS // 1_000_000} million pixels"
