"""Imports one file: skips it if it is unchanged, rejects it, or plans and writes its day."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import DataError, transaction

from chatlogs.audit import locked_archive
from chatlogs.importing.files import Candidate, FileFacts, NotReadable, read_candidate
from chatlogs.importing.known_files import MISSING_FILE, KnownFile, KnownFiles, KnownProblems
from chatlogs.importing.plans import DayPlan, find_differences, load_stored_day
from chatlogs.importing.positions import TooManyInOneSecond
from chatlogs.importing.reports import FileReport, Status
from chatlogs.importing.rules import Outdated, Rules
from chatlogs.importing.writer import RoomWriter, count_source
from chatlogs.models import Archive, SourceFile
from chatlogs.moderation.tombstones import Withheld
from chatlogs.transcripts import PARSER_VERSION, Problem, Transcript, read


@dataclass(frozen=True, slots=True)
class Options:
    """`room` and `encoding` are "" to take them from the folders' names and from earlier imports of the file."""

    room: str = ""
    encoding: str = ""
    dry_run: bool = False
    reparse: bool = False
    allow_withdrawals: bool = False


class Rejected(Exception):
    """The file is not imported. `transcript` is what was read of it."""

    def __init__(self, *problems: Problem, transcript: Transcript | None = None) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.transcript = transcript


class Importer:
    """Imports files one by one, each in its own transaction, and remembers which days it has seen."""

    def __init__(self, options: Options, locations: set[str]) -> None:
        self._options = options
        self._locations = locations
        if options.dry_run:
            self._archive = Archive.objects.first() or Archive()
        else:
            self._archive, _ = Archive.objects.get_or_create()
        self._known = KnownFiles()
        self._problems = KnownProblems()
        self._met: dict[tuple[str, dt.date], str] = {}
        self._writers: dict[str, RoomWriter] = {}
        self._rules: dict[str, Rules] = {}
        self.counts_later = False

    def import_file(self, candidate: Candidate) -> FileReport:
        try:
            return self._import(candidate)
        except NotReadable as error:
            rejection = Rejected(error.problem)
        except Rejected as error:
            rejection = error
        if not self._options.dry_run:
            self._problems.log_action(candidate.location, rejection.problems)
        transcript = rejection.transcript
        return FileReport(
            path=str(candidate.path),
            room=candidate.room,
            date=(transcript.date if transcript else None) or candidate.date,
            status=Status.REJECTED,
            source_counts=count_source(transcript) if transcript else {},
            problems=rejection.problems,
        )

    def finish(self, roots: Sequence[Path]) -> list[str]:
        """Record which files are missing, and return their locations."""
        missing = self._known.missing(roots, self._met)
        if not self._options.dry_run:
            for location in missing:
                self._problems.log_action(location, [*self._problems.notes(location), MISSING_FILE])
            self._problems.forget_absent(roots, self._locations | set(missing), self._known)
        return missing

    def _import(self, candidate: Candidate) -> FileReport:
        if candidate.problem:
            raise Rejected(candidate.problem)
        known = self._known.at(candidate.location, candidate.room)
        is_untouched = known and (candidate.size, candidate.modified_ns) == (known.size, known.modified_ns)
        if known and is_untouched and self._is_current(candidate, known):
            return self._unchanged(candidate, known)
        data, facts = read_candidate(candidate)
        known = self._known.with_digest(candidate.room, facts.sha256)
        if known and candidate.date not in (None, known.date):
            known = None
        if known and self._is_current(candidate, known):
            return self._unchanged(candidate, known)
        encoding = self._options.encoding or (known.encoding if known else "utf-8")
        transcript = read(io.BytesIO(data), candidate.room, candidate.date, encoding=encoding)
        if transcript.errors:
            raise Rejected(*transcript.problems, transcript=transcript)
        return self._import_transcript(candidate, transcript, replace(facts, encoding=encoding))

    def _is_current(self, candidate: Candidate, known: KnownFile) -> bool:
        """Whether the file needs no parsing. A rejected one does: its errors have replaced its notes."""
        is_asked_for = self._options.reparse or known.parser_version != PARSER_VERSION
        return not is_asked_for and not self._problems.has_errors(candidate.location)

    def _unchanged(self, candidate: Candidate, known: KnownFile) -> FileReport:
        self._meet(candidate, known.room, known.date)
        is_elsewhere = candidate.location != known.location
        if is_elsewhere and not self._options.dry_run and not os.path.lexists(known.location):
            # The file was moved: its path and its notes move, too.
            notes = self._problems.notes(known.location)
            with transaction.atomic():
                SourceFile.objects.filter(path=known.location, sha256=known.sha256).update(path=candidate.location)
                self._problems.log_action(known.location, ())
                self._problems.log_action(candidate.location, notes)
        return FileReport(
            path=str(candidate.path),
            room=known.room,
            date=known.date,
            status=Status.UNCHANGED,
            sha256=known.sha256,
            source_counts=known.source_counts(),
            messages=Counter(unchanged=known.message_count),
            problems=self._problems.notes(known.location) or self._problems.notes(candidate.location),
        )

    def _meet(self, candidate: Candidate, room: str, date: dt.date) -> None:
        """Reject the second file of a day; a file that was imported before counts as the first."""
        known = self._known.of_day(room, date)
        first = self._met.get((room, date))
        if first is None and known and known.location != candidate.location and self._is_still_there(known):
            first = known.location
        if first is not None and first != candidate.location:
            message = f"{first} is of the same room and day"
            raise Rejected(Problem(0, "day_taken", message, is_error=True))
        self._met[room, date] = candidate.location
        if known and not self._options.dry_run:
            self._problems.forget_missing(known.location)

    def _is_still_there(self, known: KnownFile) -> bool:
        """Whether the known file is in this tree and still of its day: its date may have been corrected."""
        if known.location not in self._locations or known.location in self._met.values():
            return False
        try:
            with Path(known.location).open("rb") as file:
                transcript = read(file, known.room, encoding=known.encoding)
        except OSError:
            return True
        return bool(transcript.errors) or transcript.date == known.date

    def _import_transcript(self, candidate: Candidate, transcript: Transcript, facts: FileFacts) -> FileReport:
        room, date = candidate.room, transcript.date
        assert date is not None, "a transcript without a date is rejected"
        self._meet(candidate, room, date)
        if room not in self._rules:
            self._rules[room] = Rules.of(self._archive, room)
        rules = self._rules[room]
        stored = load_stored_day(room, date) if self._known.of_day(room, date) else None
        plan, withheld = rules.plan(transcript, stored, bytes(self._archive.account_key), facts.encoding)
        if plan.loses_too_much and not self._options.allow_withdrawals:
            live = plan.stored.live if plan.stored else 0
            message = (
                f"would withdraw {len(plan.withdrawn)} of the day's {live} messages;"
                " pass --allow-withdrawals if that is right"
            )
            raise Rejected(Problem(0, "too_many_withdrawals", message, is_error=True), transcript=transcript)
        status = Status.CHANGED if withheld.changed else plan.status(facts.sha256)
        if not self._options.dry_run:
            try:
                self._write(status, plan, facts, rules, withheld)
            except Outdated:
                self._rules.pop(room)
                self._writers.pop(room, None)
                return self._import_transcript(candidate, transcript, facts)
        return FileReport(
            path=str(candidate.path),
            room=room,
            date=date,
            status=status,
            sha256=facts.sha256,
            source_counts=count_source(plan.transcript),
            messages=plan.outcomes,
            problems=transcript.problems,
            differences=find_differences(plan) if self._options.dry_run else (),
        )

    def _write(self, status: Status, plan: DayPlan, facts: FileFacts, rules: Rules, withheld: Withheld) -> None:
        room = plan.transcript.room
        try:
            with locked_archive():
                rules.check()
                if status is not Status.UNCHANGED:
                    writer = self._writers.pop(room, None) or self._open_room(room, rules)
                    writer.write(plan, facts, withheld)
                elif plan.stored and plan.stored.source_file.parser_version != PARSER_VERSION:
                    counts = count_source(plan.transcript)
                    SourceFile.objects.filter(pk=plan.stored.source_file.pk).update(
                        parser_version=PARSER_VERSION, **counts
                    )
                    self._open_room(room, rules).write_name_evidence(plan)
                self._record_notes(status, plan, facts)
        except TooManyInOneSecond:
            problem = Problem(0, "second_too_full", "over 1,024 messages in one second", is_error=True)
            raise Rejected(problem, transcript=plan.transcript) from None
        except DataError as error:
            reason = str(error).splitlines()[0]
            problem = Problem(0, "database_refuses", f"the database refuses it: {reason}", is_error=True)
            raise Rejected(problem, transcript=plan.transcript) from None
        if status is not Status.UNCHANGED:
            self._writers[room] = writer  # Not after a failure: it may know names that were rolled back.

    def _open_room(self, slug: str, rules: Rules) -> RoomWriter:
        return RoomWriter(self._archive, slug, rules, counts_later=self.counts_later)

    def _record_notes(self, status: Status, plan: DayPlan, facts: FileFacts) -> None:
        """Record the notes under the archive's path of the file, which a copy of it does not change."""
        stored = plan.stored.source_file.path if plan.stored else facts.location
        path, other = (stored, facts.location) if status is Status.UNCHANGED else (facts.location, stored)
        if other != path:
            self._problems.log_action(other, ())
        self._problems.log_action(path, plan.transcript.problems)
