"""Reads what earlier imports recorded of files, and records their problems."""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from chatlogs.models import ImportProblem, SourceFile
from chatlogs.transcripts import Problem

MISSING_FILE = Problem(0, "missing_file", "the file is gone; its messages stay")


class KnownFile(NamedTuple):
    """The columns of SourceFile that tell whether a file is unchanged, then its counters."""

    room: str
    date: dt.date
    location: str
    size: int
    modified_ns: int
    sha256: str
    encoding: str
    parser_version: int
    message_count: int
    shown_count: int
    image_count: int
    link_count: int
    empty_sender_count: int
    empty_body_count: int

    def source_counts(self) -> dict[str, int]:
        return dict(zip(self._fields[8:], self[8:], strict=True))


class KnownFiles:
    def __init__(self) -> None:
        rows = SourceFile.objects.values_list("day__room__slug", "day__date", "path", *KnownFile._fields[3:])
        self._files = [KnownFile(*row) for row in rows]
        self._by_location = {known.location: known for known in self._files}
        self._by_day = {(known.room, known.date): known for known in self._files}
        self._by_digest = {(known.room, known.sha256): known for known in self._files}

    def at(self, location: str, room: str) -> KnownFile | None:
        known = self._by_location.get(location)
        return known if known and known.room == room else None

    def of_day(self, room: str, date: dt.date) -> KnownFile | None:
        return self._by_day.get((room, date))

    def with_digest(self, room: str, sha256: str) -> KnownFile | None:
        return self._by_digest.get((room, sha256))

    def is_known(self, location: str) -> bool:
        return location in self._by_location

    def missing(self, roots: Iterable[Path], met: Mapping[tuple[str, dt.date], str]) -> list[str]:
        """Return locations under the roots of imported files that are gone, if no other file has their day.

        `met` has the locations of the days that were seen.
        """
        inside, of_other_days = _inside(roots), set(met.values())
        return sorted(
            known.location
            for known in self._files
            if (known.room, known.date) not in met
            and known.location.startswith(inside)
            and (known.location in of_other_days or not os.path.lexists(known.location))
        )


class KnownProblems:
    """The recorded problems by location. Writes only changes."""

    def __init__(self) -> None:
        self._problems: defaultdict[str, set[Problem]] = defaultdict(set)
        columns = ("path", "line", "code", "message", "is_error")
        for location, *values in ImportProblem.objects.values_list(*columns).iterator():
            self._problems[location].add(Problem(*values))

    def has_errors(self, location: str) -> bool:
        return any(problem.is_error for problem in self._problems.get(location, ()))

    def notes(self, location: str) -> list[Problem]:
        """Return the problems that are no errors, without `MISSING_FILE`."""
        notes = (one for one in self._problems.get(location, ()) if not one.is_error and one != MISSING_FILE)
        return sorted(notes, key=lambda one: (one.line, one.code))

    def log_action(self, location: str, problems: Sequence[Problem]) -> None:
        """Replace the problems of the file."""
        stored, wanted = self._problems.get(location, set()), set(problems)
        if stored == wanted:
            return
        if stored:
            ImportProblem.objects.filter(path=location).delete()
        now = timezone.now()
        ImportProblem.objects.bulk_create(
            ImportProblem(
                path=location,
                line=problem.line,
                code=problem.code,
                message=problem.message,
                is_error=problem.is_error,
                found_at=now,
            )
            for problem in dict.fromkeys(problems)
        )
        self._problems[location] = wanted

    def forget_missing(self, location: str) -> None:
        if MISSING_FILE in self._problems.get(location, ()):
            self.log_action(location, self.notes(location))

    def forget_absent(self, roots: Iterable[Path], present: Collection[str], known: KnownFiles) -> None:
        """Delete the problems of files that are not under the roots any more; imported ones keep their notes."""
        inside = _inside(roots)
        for location in [*self._problems]:
            if location.startswith(inside) and location not in present:
                self.log_action(location, self.notes(location) if known.is_known(location) else ())


def _inside(roots: Iterable[Path]) -> tuple[str, ...]:
    """Return the prefixes of locations under the roots."""
    return tuple(f"{root.resolve()}{os.sep}" if root.is_dir() else str(root.resolve()) for root in roots)
