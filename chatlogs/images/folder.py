"""Lists the folder of pictures, and opens files in it without following links out of it."""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

NAME = re.compile(r"([0-9]{4})([0-9]{2})[0-9]{2}_[0-9]{6}\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)

# Room, year and month.
MAX_DEPTH = 3

MAX_BYTES = 20 * 1024**2

# Content type -> magic number.
SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
SIGNATURE_BYTES = 12

# Of several files of one second.
PREFERENCE = ["png", "jpg", "jpeg", "gif", "webp"]

FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class NotUsable(Exception):
    """A file that cannot be shown; the message gives the reason."""


class Problem(NamedTuple):
    """A file that cannot be shown. `path` is relative to the folder."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Relative paths by room slug ("" outside the rooms' folders) and by the second in the name: `20190315_151022`."""

    files: defaultdict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)


class Opened(NamedTuple):
    file: BinaryIO
    content_type: str
    size: int
    modified_ns: int


def list_pictures(folder: Path, rooms: Collection[str]) -> Listing:
    """List the pictures. Raises OSError if the folder cannot be listed, so that it is not mistaken for an empty one."""
    next(folder.iterdir(), None)
    listing = Listing()
    for parts in _walk(folder, listing.problems):
        place = _read_place(parts, rooms)
        if place is not None:
            path = "/".join(parts)
            if (folder / path).is_symlink():
                listing.problems.append(Problem(path, "a symbolic link is not followed"))
            else:
                listing.files[place, parts[-1][:15]].append(path)
    for paths in listing.files.values():
        paths.sort(key=lambda path: (PREFERENCE.index(path.rpartition(".")[2].lower()), path))
    return listing


def open_picture(folder: Path, path: str) -> Opened:
    """Open a picture. Raises FileNotFoundError, or NotUsable for anything but a picture inside the folder."""
    descriptor = _open_below(folder, path)
    file = os.fdopen(descriptor, "rb")
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotUsable("not a regular file")
        if status.st_size > MAX_BYTES:
            raise NotUsable(f"over {MAX_BYTES // 1024**2} MiB")
        signature = file.read(SIGNATURE_BYTES)
        file.seek(0)
        content_type = next((name for name, pattern in SIGNATURES.items() if pattern.match(signature)), None)
        if content_type is None:
            raise NotUsable("neither PNG nor JPEG, GIF or WebP")
        return Opened(file, content_type, status.st_size, status.st_mtime_ns)
    except BaseException:
        file.close()
        raise


def _walk(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, ...]]:
    """Yield the path parts of every file that is named like a picture."""

    def report(error: OSError) -> None:
        problems.append(Problem(os.path.relpath(error.filename, folder), error.strerror or "cannot be read"))

    for name, folders, files in os.walk(folder, onerror=report):
        above = Path(name).relative_to(folder).parts
        folders[:] = sorted(folders) if len(above) < MAX_DEPTH else []
        yield from ((*above, file) for file in sorted(files) if NAME.fullmatch(file))


def _read_place(parts: Sequence[str], rooms: Collection[str]) -> str | None:
    """Return the room's slug, "" if no folder names a room, or None if pictures do not belong there."""
    *folders, name = parts
    match = NAME.fullmatch(name)
    assert match, "_walk yields only names of pictures"
    year, month = match[1], match[2]
    months = [[], [f"{year}-{month}"], [f"{year}{month}"], [year, month]]
    if folders and folders[0] in rooms:
        return folders[0] if folders[1:] in months else None
    return "" if folders in months else None


def _open_below(folder: Path, path: str) -> int:
    """Return a descriptor. Opens one path part at a time, so that no symbolic link below the folder is followed."""
    *folders, name = path.split("/")
    if {"", ".", ".."} & {*folders, name} or "\0" in path:
        raise NotUsable("no path within the folder")
    current = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folders:
            parent, current = current, os.open(part, FLAGS | os.O_DIRECTORY, dir_fd=current)
            os.close(parent)
        return os.open(name, FLAGS | os.O_NONBLOCK, dir_fd=current)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotUsable(error.strerror or "cannot be read") from None
    finally:
        os.close(current)
