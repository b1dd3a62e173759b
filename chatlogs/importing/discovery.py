"""Finding transcript files, and refusing what must not even be opened. No database here."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatlogs.transcripts import MAX_FILE_BYTES, Problem
from chatlogs.transcripts.front_matter import read_date

ENDINGS = (".markdown", ".md", ".txt")

# Folders that group files within a room: Jekyll's, and years or months.
GROUPING_FOLDER = re.compile(r"_posts|[0-9]+")
ROOM_SLUG = re.compile(r"[-\w]{1,100}")

# A folder of transcripts may say of itself what it is.
READMES = ("readme.md", "readme.txt", "readme.markdown")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a transcript. With a `problem`, it is not to be opened.

    `path` is as the operator would write it, `location` the same wherever the command is run.
    """

    path: Path
    location: str
    room: str = ""
    date: dt.date | None = None
    size: int = 0
    modified_ns: int = 0
    problem: Problem | None = None


def find_candidates(roots: list[Path], room: str = "") -> list[Candidate]:
    """Every transcript under the roots (files or folders), once each, by place.

    `room` overrules the folders' names. Raises FileNotFoundError for a root that is not there.
    """
    found: dict[str, Candidate] = {}
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"no such file or folder: {root}")
        for candidate in _candidates_under(root, room):
            found.setdefault(candidate.location, candidate)
    return [found[location] for location in sorted(found)]


def _candidates_under(root: Path, room: str) -> Iterator[Candidate]:
    if not root.is_dir():
        yield _examine(root, root.parent.resolve(), room or _room_of(root.parent))
        return
    boundary = root.resolve()
    for path, problem in _walk(root):
        if problem:
            yield Candidate(path, _location(path), problem=problem)
        else:
            yield _examine(path, boundary, room or _room_within(path.parent, root))


def _walk(root: Path) -> Iterator[tuple[Path, Problem | None]]:
    """Paths of files with a transcript's ending; of folders only those that cannot be read."""
    unreadable: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(folder, name).is_symlink():
                yield Path(folder, name), _error("symlink_to_folder", "a symbolic link to a folder is not followed")
        for name in sorted(files):
            if _looks_like_transcript(name):
                yield Path(folder, name), None
    for error in unreadable:
        yield Path(error.filename), _error("not_readable", error.strerror or "cannot be read")


def _looks_like_transcript(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(ENDINGS) and not name.startswith(".") and lower not in READMES


def _room_within(folder: Path, root: Path) -> str:
    """The room a file in this folder belongs to; "" in the top folder of a tree of rooms."""
    while folder != root and GROUPING_FOLDER.fullmatch(folder.name):
        folder = folder.parent
    if folder != root:
        return _valid_slug(folder.name)
    return "" if _has_rooms(root) else _room_of(root)


def _has_rooms(root: Path) -> bool:
    return any(
        entry.is_dir() and not entry.name.startswith(".") and not GROUPING_FOLDER.fullmatch(entry.name)
        for entry in os.scandir(root)
    )


def _room_of(folder: Path) -> str:
    folder = folder.resolve()
    while GROUPING_FOLDER.fullmatch(folder.name):
        folder = folder.parent
    return _valid_slug(folder.name)


def _valid_slug(name: str) -> str:
    return name if ROOM_SLUG.fullmatch(name) else ""


def _examine(path: Path, boundary: Path, room: str) -> Candidate:
    location = _location(path)
    try:
        target = path.resolve(strict=True)
        status = target.stat()
    except OSError as error:
        unreadable = _error("not_readable", error.strerror or "cannot be read")
        return Candidate(path, location, room, problem=unreadable)
    problem = _find_problem(target, status, boundary, room)
    date = read_date(path.name)
    return Candidate(path, location, room, date, status.st_size, status.st_mtime_ns, problem)


def _location(path: Path) -> str:
    """The absolute path, with the file's own name even where it is a symbolic link."""
    return str(path.parent.resolve() / path.name)


def _find_problem(target: Path, status: os.stat_result, boundary: Path, room: str) -> Problem | None:
    if not target.is_relative_to(boundary):
        return _error("symlink_out_of_tree", "a symbolic link that leads out of the folder")
    if not stat.S_ISREG(status.st_mode):
        return _error("not_a_file", "not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        return _error("file_too_large", f"over {MAX_FILE_BYTES // 1024**2} MiB")
    if not room:
        return _error("no_room", "no folder says which room this is: pass --room")
    return None


def _error(code: str, message: str) -> Problem:
    return Problem(0, code, message, is_error=True)
