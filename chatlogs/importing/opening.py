"""Reading a file's bytes, and what is known of it besides."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, replace

from chatlogs.importing.discovery import Candidate
from chatlogs.transcripts import MAX_FILE_BYTES, Problem


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a transcript's file besides its text."""

    location: str
    size: int
    modified_ns: int
    sha256: str
    encoding: str = "utf-8"

    def in_encoding(self, encoding: str) -> FileFacts:
        return replace(self, encoding=encoding)


class NotReadable(Exception):
    """The file cannot be opened, or is no file any more."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(0, code, reason, is_error=True)


def read_candidate(candidate: Candidate) -> tuple[bytes, FileFacts]:
    """The bytes, and the facts as they are once the file is open. Raises NotReadable."""
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
