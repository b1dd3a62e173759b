"""Thumbnails: made from pictures, and stored on disk under the keys of messages."""

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
    """Return the modification time of the thumbnail's picture in nanoseconds, or None if there is no thumbnail."""
    try:
        return _path(key).stat().st_mtime_ns
    except FileNotFoundError:
        return None


def write_thumbnail(key: str, thumbnail: bytes, source_ns: int) -> None:
    """Write atomically. The file's modification time becomes that of the picture."""
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


def remove_thumbnails_except(keys: Collection[str]) -> None:
    for path in _folder().glob("*/*"):
        if path.suffix != ".webp" or path.stem not in keys:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "thumbnails"


def _path(key: str) -> Path:
    """In folders by month, with which a key begins."""
    return _folder() / Path(key[:6]).name / Path(f"{key}.webp").name


# A file of a few hundred bytes can claim to be a picture of gigabytes.
MAX_PIXELS = 40_000_000
TOO_LARGE = f"over {MAX_PIXELS // 1_000_000} million pixels"

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
ORIENTATION = 0x0112
ROTATED = range(5, 9)


class Shrunk(NamedTuple):
    """A thumbnail as a WebP file, and the upright size of the whole picture in pixels."""

    width: int
    height: int
    thumbnail: bytes


def shrink(file: BinaryIO, longest_side: int) -> Shrunk:
    """Make a thumbnail, of an animation's first frame. Raises NotUsable for any broken or hostile file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _shrink(file, longest_side)
    except NotUsable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NotUsable(TOO_LARGE) from None
    except Exception as error:  # A broken file makes the decoders raise anything.
        raise NotUsable(f"a broken picture: {error}") from None


def _shrink(file: BinaryIO, longest_side: int) -> Shrunk:
    with Image.open(file, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise NotUsable(TOO_LARGE)
        if picture.getexif().get(ORIENTATION) in ROTATED:
            width, height = height, width
        # Lets the JPEG decoder scale down while it decodes.
        picture.draft(None, (2 * longest_side, 2 * longest_side))
        upright = ImageOps.exif_transpose(picture)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    small.thumbnail((longest_side, longest_side))
    small.info.clear()
    written = io.BytesIO()
    small.save(written, "WEBP", quality=80, exif=b"", xmp=b"")
    return Shrunk(width, height, written.getvalue())
