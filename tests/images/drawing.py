"""Files of pictures, whole and hostile."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image

ORIENTATION, GPS = 0x0112, 0x8825


def draw(width: int = 30, height: int = 20, kind: str = "PNG", colour: str = "teal", **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, kind, **options)
    return written.getvalue()


def draw_lying(width: int, height: int) -> bytes:
    """A JPEG that is to be turned by a quarter, and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (30.0, 15.0, 7.0)
    return draw(width, height, "JPEG", exif=exif.tobytes())


def draw_moving(*colours: str) -> bytes:
    first, *others = (Image.new("RGB", (30, 20), colour) for colour in colours)
    written = io.BytesIO()
    first.save(written, "GIF", save_all=True, append_images=others)
    return written.getvalue()


def make_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says it is of that size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def put(folder: Path, path: str, data: bytes | None = None) -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(draw() if data is None else data)
    return file
