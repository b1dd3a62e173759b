"""The size of a picture, and a small one made of it. What cameras write into files is left out."""

from __future__ import annotations

import io
import warnings
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageOps

from chatlogs.pictures.folder import NotUsable

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
