"""One run of the import: every file looked at, the changed ones written, everything reported."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.db import DataError, connection, transaction
from django.utils import timezone

from chatlogs.bulk import refresh_statistics
from chatlogs.importing.alias_counts import recount
from chatlogs.importing.discovery import Candidate, find_candidates
from chatlogs.importing.first_load import first_load, restore_schema, unhurried_commits
from chatlogs.importing.known_files import MISSING, KnownFile, KnownFiles, KnownProblems
from chatlogs.importing.plans import DayPlan, StoredDay, load_stored_day, plan_day, stored_content
from chatlogs.importing.positions import TooManyInOneSecond
from chatlogs.importing.reports import Difference, FileReport, Report, Status
from chatlogs.importing.totals import count_totals
from chatlogs.importing.writing import FileFacts, RoomWriter, count_source
from chatlogs.models import Alias, Archive, Day, ImportRun, Member, Message, SourceFile
from chatlogs.transcripts import MAX_FILE_BYTES, PARSER_VERSION, Problem, Transcript, read

# From this many new messages on, the databases' planners look at the tables anew.
MANY_MESSAGES = 10_000


@dataclass(frozen=True, slots=True)
class Options:
    """`room` and `encoding` are "" where the folders' names and the files themselves say."""

    room: str = ""
    encoding: str = ""
    dry_run: bool = False
    reparse: bool = False
    allow_withdrawals: bool = False


class Rejected(Exception):
    """A file is not imported. `transcript` is what could be read of it."""

    def __init__(self, *problems: Problem, transcript: Transcript | None = None) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.transcript = transcript


Watcher = Callable[[FileReport, int], None]


def run_import(roots: Sequence[Path], options: Options, watch: Watcher) -> Report:
    """Import what is under the roots; `watch` gets each file's report and the number of files.

    Raises FileNotFoundError for a root that is not there. The caller holds the import lock.
    """
    started = time.monotonic()
    candidates = find_candidates(list(roots), options.room)
    run = None if options.dry_run else ImportRun.objects.create(started_at=timezone.now())
    importer = Importer(options, {candidate.location for candidate in candidates})
    report = Report()
    if run:
        _mend(run)
    with nullcontext(False) if options.dry_run else first_load() as is_first, unhurried_commits():
        importer.counts_later = is_first
        for candidate in candidates:
            file_report = importer.import_file(candidate)
            report.add(file_report)
            watch(file_report, len(candidates))
    if run and report.messages["created"] >= MANY_MESSAGES:
        refresh_statistics(Message, Day, Alias, Member)
    if is_first:
        recount()
    report.missing = importer.finish(roots)
    report.totals = count_totals()
    report.seconds = time.monotonic() - started
    if run:
        _record(run, report)
    return report


def _mend(run: ImportRun) -> None:
    """Complete what only the end of a first load would have done, if the last run was killed."""
    before = ImportRun.objects.exclude(pk=run.pk).order_by("-pk").first()
    if before and before.finished_at is None and not connection.in_atomic_block:
        restore_schema()
        recount()


def _record(run: ImportRun, report: Report) -> None:
    run.finished_at = timezone.now()
    for status in Status:
        setattr(run, f"files_{status.value}", report.files[status])
    run.files_missing = len(report.missing)
    for outcome, count in report.messages.items():
        setattr(run, f"messages_{outcome}", count)
    run.save()


class Importer:
    """Imports files one by one, each in a transaction of its own, and remembers which days it met."""

    def __init__(self, options: Options, locations: set[str]) -> None:
        self._options = options
        self._locations = locations
        self._archive = _get_archive(options)
        self._known = KnownFiles()
        self._problems = KnownProblems()
        self._met: dict[tuple[str, dt.date], str] = {}
        self._writers: dict[str, RoomWriter] = {}
        self.counts_later = False

    def import_file(self, candidate: Candidate) -> FileReport:
        try:
            return self._import(candidate)
        except Rejected as rejection:
            return self._reject(candidate, rejection)

    def finish(self, roots: Sequence[Path]) -> list[str]:
        """Record which files are gone, and return their places."""
        missing = self._known.missing(roots, self._met.keys())
        if not self._options.dry_run:
            for location in missing:
                self._problems.record(location, [*self._problems.notes(location), MISSING])
            self._problems.forget_absent(roots, self._locations | set(missing), self._known)
        return missing

    def _import(self, candidate: Candidate) -> FileReport:
        if candidate.problem:
            raise Rejected(candidate.problem)
        known = self._known.at(candidate.location, candidate.room)
        if known and self._is_untouched(candidate, known):
            return self._unchanged(candidate, known)
        data, facts = _read_file(candidate)
        known = self._same_bytes(candidate, facts.sha256)
        if known and self._is_current(candidate, known):
            return self._unchanged(candidate, known)
        encoding = self._options.encoding or (known.encoding if known else "utf-8")
        transcript = read(io.BytesIO(data), candidate.room, candidate.date, encoding=encoding)
        if transcript.errors:
            raise Rejected(*transcript.problems, transcript=transcript)
        return self._import_transcript(candidate, transcript, facts.in_encoding(encoding))

    def _is_untouched(self, candidate: Candidate, known: KnownFile) -> bool:
        same = (candidate.size, candidate.modified_ns) == (known.size, known.modified_ns)
        return same and self._is_current(candidate, known)

    def _is_current(self, candidate: Candidate, known: KnownFile) -> bool:
        """Not after a rejection: its problems have taken the place of the file's notes."""
        is_asked_for = self._options.reparse or known.parser_version != PARSER_VERSION
        return not is_asked_for and not self._problems.has_errors(candidate.location)

    def _same_bytes(self, candidate: Candidate, sha256: str) -> KnownFile | None:
        known = self._known.with_digest(candidate.room, sha256)
        return known if known and candidate.date in (None, known.date) else None

    def _unchanged(self, candidate: Candidate, known: KnownFile) -> FileReport:
        self._meet(candidate, known.room, known.date)
        return FileReport(
            path=str(candidate.path),
            room=known.room,
            date=known.date,
            status=Status.UNCHANGED,
            sha256=known.sha256,
            source_counts=known.source_counts(),
            messages=Counter(unchanged=known.message_count),
            problems=self._problems.notes(known.location),
        )

    def _meet(self, candidate: Candidate, room: str, date: dt.date) -> None:
        """Reject the second file of a day; the one that was imported before counts as the first."""
        known = self._known.of_day(room, date)
        first = self._met.get((room, date))
        if first is None and known and known.location in self._locations:
            first = known.location
        if first is not None and first != candidate.location:
            message = f"{first} is of the same room and day"
            raise Rejected(Problem(0, "day_taken", message, is_error=True))
        self._met[room, date] = candidate.location
        if known and not self._options.dry_run:
            self._problems.forget_missing(known.location)

    def _import_transcript(self, candidate: Candidate, transcript: Transcript, facts: FileFacts) -> FileReport:
        room, date = candidate.room, transcript.date
        assert date is not None, "a transcript without a date is rejected"
        self._meet(candidate, room, date)
        stored = load_stored_day(room, date) if self._known.of_day(room, date) else None
        plan = plan_day(transcript, stored, bytes(self._archive.account_key))
        if plan.loses_too_much and not self._options.allow_withdrawals:
            raise Rejected(_too_many_withdrawals(plan), transcript=transcript)
        status = _status(stored, plan, facts)
        if not self._options.dry_run:
            self._write(status, plan, facts)
        return FileReport(
            path=str(candidate.path),
            room=room,
            date=date,
            status=status,
            sha256=facts.sha256,
            source_counts=count_source(transcript),
            messages=_count_messages(plan),
            problems=transcript.problems,
            differences=_differences(plan) if self._options.dry_run else (),
        )

    def _write(self, status: Status, plan: DayPlan, facts: FileFacts) -> None:
        room = plan.transcript.room
        try:
            with transaction.atomic():
                if status is not Status.UNCHANGED:
                    writer = self._writers.pop(room, None) or self._open_room(room)
                    writer.write(plan, facts)
                elif plan.stored and plan.stored.source_file.parser_version != PARSER_VERSION:
                    counts = count_source(plan.transcript)
                    SourceFile.objects.filter(pk=plan.stored.source_file.pk).update(
                        parser_version=PARSER_VERSION, **counts
                    )
                self._record_notes(status, plan, facts)
        except TooManyInOneSecond:
            problem = Problem(0, "second_too_full", "over 1,024 messages in one second", is_error=True)
            raise Rejected(problem, transcript=plan.transcript) from None
        except DataError as error:
            reason = str(error).splitlines()[0]
            problem = Problem(0, "database_refuses", f"the database refuses it: {reason}", is_error=True)
            raise Rejected(problem, transcript=plan.transcript) from None
        if status is not Status.UNCHANGED:
            self._writers[room] = writer  # Not after a failure: it may know names that were undone.

    def _open_room(self, slug: str) -> RoomWriter:
        return RoomWriter(self._archive, slug, counts_later=self.counts_later)

    def _record_notes(self, status: Status, plan: DayPlan, facts: FileFacts) -> None:
        """Under the path that the archive has of the file, which a copy of it does not change."""
        stored = plan.stored.source_file.path if plan.stored else facts.location
        path, other = (stored, facts.location) if status is Status.UNCHANGED else (facts.location, stored)
        if other != path:
            self._problems.record(other, ())
        self._problems.record(path, plan.transcript.problems)

    def _reject(self, candidate: Candidate, rejection: Rejected) -> FileReport:
        if not self._options.dry_run:
            self._problems.record(candidate.location, rejection.problems)
        transcript = rejection.transcript
        return FileReport(
            path=str(candidate.path),
            room=candidate.room,
            date=(transcript.date if transcript else None) or candidate.date,
            status=Status.REJECTED,
            source_counts=count_source(transcript) if transcript else {},
            problems=rejection.problems,
        )


def _get_archive(options: Options) -> Archive:
    if options.dry_run:
        return Archive.objects.first() or Archive()
    archive, _ = Archive.objects.get_or_create()
    return archive


def _read_file(candidate: Candidate) -> tuple[bytes, FileFacts]:
    """The bytes, and the facts as they are once the file is open."""
    try:
        descriptor = os.open(candidate.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Rejected(Problem(0, "not_a_file", "not a regular file", is_error=True))
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Rejected(Problem(0, "not_readable", reason, is_error=True)) from None
    sha256 = hashlib.sha256(data).hexdigest()
    return data, FileFacts(candidate.location, len(data), status.st_mtime_ns, sha256)


def _too_many_withdrawals(plan: DayPlan) -> Problem:
    live = plan.stored.live if plan.stored else 0
    message = (
        f"would withdraw {len(plan.withdrawn)} of the day's {live} messages; pass --allow-withdrawals if that is right"
    )
    return Problem(0, "too_many_withdrawals", message, is_error=True)


def _status(stored: StoredDay | None, plan: DayPlan, facts: FileFacts) -> Status:
    if stored is None:
        return Status.CREATED
    differs = plan.created or plan.changed or plan.withdrawn or plan.has_other_speaker
    return Status.CHANGED if differs or stored.source_file.sha256 != facts.sha256 else Status.UNCHANGED


def _count_messages(plan: DayPlan) -> Counter[str]:
    return Counter(
        created=len(plan.created),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        withdrawn=len(plan.withdrawn),
    )


def _differences(plan: DayPlan) -> list[Difference]:
    created = [("+", plan.contents[index]) for index in plan.created]
    changed = [("~", plan.contents[index]) for index in plan.changed]
    messages = plan.stored.messages if plan.stored else ()
    withdrawn = [("-", stored_content(messages[index])) for index in plan.withdrawn]
    return [
        Difference(sign, content.time, content.speaker.name, content.text)
        for sign, content in sorted(created + changed + withdrawn, key=lambda pair: pair[1].time)
    ]
