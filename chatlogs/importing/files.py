"""Finds transcript files and refuses those that must not be opened. Does not use the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from chatlogs.transcripts import MAX_FILE_BYTES, Problem
from chatlogs.transcripts.formats import EXTENSIONS
from chatlogs.transcripts.front_matter import find_date
from chatlogs.transcripts.paths import GROUPING_FOLDER

ROOM_SLUG = re.compile(r"[-\w]{1,100}")

READMES = tuple(f"readme{extension}" for extension in EXTENSIONS)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a transcript. If it has a `problem`, it must not be opened.

    `path` is relative to the operator's working directory, `location` is absolute.
    """

    path: Path
    location: str
    room: str = ""
    date: dt.date | None = None
    size: int = 0
    modified_ns: int = 0
    problem: Problem | None = None


def find_candidates(roots: list[Path], room: str = "") -> list[Candidate]:
    """Return the transcripts under the roots (files or folders), once each, by the dates in their names.

    In this order a first import appends to the tables and to most indexes.
    `room` overrides the folders' names. Raises FileNotFoundError if a root does not exist.
    """
    found: dict[str, Candidate] = {}
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"no such file or folder: {root}")
        if root.is_dir():
            candidates = _candidates_in_tree(root, room)
        else:
            folder = root.parent.resolve()
            candidates = iter([_examine(root, str(folder / root.name), folder, room or _room_of(folder))])
        for candidate in map(_refuse_undecodable_name, candidates):
            found.setdefault(candidate.location, candidate)
    return sorted(found.values(), key=lambda candidate: (candidate.date or dt.date.max, candidate.location))


def _refuse_undecodable_name(candidate: Candidate) -> Candidate:
    """A name that is not UTF-8 cannot be stored or printed."""
    path, location = _readable(str(candidate.path)), _readable(candidate.location)
    if path == str(candidate.path) and location == candidate.location:
        return candidate
    problem = _error("name_not_utf_8", "its name, or a folder's above it, is not UTF-8: rename it")
    return replace(candidate, path=Path(path), location=location, problem=problem)


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _candidates_in_tree(root: Path, room: str) -> Iterator[Candidate]:
    boundary = root.resolve()
    unreadable: list[OSError] = []
    for folder_name, folders, files in os.walk(root, onerror=unreadable.append):
        folder = Path(folder_name)
        location = folder.resolve()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (folder / name).is_symlink():
                problem = _error("symlink_to_folder", "a symbolic link to a folder is not followed")
                yield Candidate(folder / name, str(location / name), problem=problem)
        folder_room = room or _room_within(folder, root)
        for name in files:
            if _looks_like_transcript(name):
                yield _examine(folder / name, str(location / name), boundary, folder_room)
    for error in unreadable:
        problem = _error("not_readable", error.strerror or "cannot be read")
        yield Candidate(Path(error.filename), str(Path(error.filename).resolve()), problem=problem)


def _looks_like_transcript(name: str) -> bool:
    lower = name.lower()
    return lower.endswith(EXTENSIONS) and not name.startswith(".") and lower not in READMES


def _room_within(folder: Path, root: Path) -> str:
    """Return the room that files in this folder belong to, or "" for the top folder of a tree of rooms."""
    is_top = folder == root
    while folder != root and GROUPING_FOLDER.fullmatch(folder.name):
        folder = folder.parent
    if folder != root:
        return _valid_slug(folder.name)
    # Folders without transcripts, such as those of pictures, are not rooms.
    has_rooms = is_top and any(
        _looks_like_transcript(name)
        for path in root.iterdir()
        if path.is_dir() and not path.name.startswith(".") and not GROUPING_FOLDER.fullmatch(path.name)
        for _, _, files in os.walk(path)
        for name in files
    )
    return "" if has_rooms else _room_of(root)


def _room_of(folder: Path) -> str:
    folder = folder.resolve()
    while GROUPING_FOLDER.fullmatch(folder.name):
        folder = folder.parent
    return _valid_slug(folder.name)


def _valid_slug(name: str) -> str:
    return name if ROOM_SLUG.fullmatch(name) else ""


def _examine(path: Path, location: str, boundary: Path, room: str) -> Candidate:
    try:
        status = path.lstat()
        is_link = stat.S_ISLNK(status.st_mode)
        if is_link:
            status = path.stat()
    except OSError as error:
        unreadable = _error("not_readable", error.strerror or "cannot be read")
        return Candidate(path, location, room, problem=unreadable)
    problem = None
    if is_link and not path.resolve().is_relative_to(boundary):
        problem = _error("symlink_out_of_tree", "a symbolic link that leads out of the folder")
    elif not stat.S_ISREG(status.st_mode):
        problem = _error("not_a_file", "not a regular file")
    elif status.st_size > MAX_FILE_BYTES:
        problem = _error("file_too_large", f"over {MAX_FILE_BYTES // 1024**2} MiB")
    elif not room:
        problem = _error("no_room", "no folder says which room this is: pass --room")
    return Candidate(path, location, room, find_date(path.name), status.st_size, status.st_mtime_ns, problem)


def _error(code: str, message: str) -> Problem:
    return Problem(0, code, message, is_error=True)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Metadata of a transcript's file."""

    location: str
    size: int
    modified_ns: int
    sha256: str
    encoding: str = "utf-8"


class NotReadable(Exception):
    """The file cannot be opened, or is not a regular file any more."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(0, code, reason, is_error=True)


def read_candidate(candidate: Candidate) -> tuple[bytes, FileFacts]:
    """Return the bytes, and the metadata of the opened file. Raises NotReadable."""
    try:
        descriptor = os.open(candidate.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise NotReadable("not_a_file", "not a regular file")
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NotReadable("not_readable", error.strerror or "cannot be read") from None
    sha256 = hashlib.sha256(data).hexdigest()
    return data, FileFacts(candidate.location, len(data), status.st_mtime_ns, sha256)
