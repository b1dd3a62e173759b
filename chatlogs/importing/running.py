"""One run of the import: every file looked at, the changed ones written, everything reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from chatlogs import identity, indexing, mentioning, search
from chatlogs.bulk import refresh_statistics
from chatlogs.counting import recount_names
from chatlogs.curation.deciding import choose_mentions
from chatlogs.curation.written import quote_what_is_here
from chatlogs.importing.discovery import find_candidates
from chatlogs.importing.first_load import first_load, restore_schema, unhurried_commits
from chatlogs.importing.importer import Importer, Options
from chatlogs.importing.reports import FileReport, Report, Status
from chatlogs.importing.totals import count_totals
from chatlogs.models import Alias, Day, ImportRun, Member, Message

# From this many new messages on, the databases' planners look at the tables anew.
MANY_MESSAGES = 10_000

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
    was_killed = run is not None and _mend(run)
    if run:
        identity.split_names_anew()
    with nullcontext(False) if options.dry_run else first_load() as is_first, unhurried_commits():
        importer.counts_later = is_first
        for candidate in candidates:
            file_report = importer.import_file(candidate)
            report.add(file_report)
            watch(file_report, len(candidates))
    if run and report.messages["created"] >= MANY_MESSAGES:
        refresh_statistics(Message, Day, Alias, Member)
    if is_first:
        recount_names()
    if run:
        tell_who_is_who(report, was_killed=was_killed)
        _complete_index(report)
    report.missing = importer.finish(roots)
    report.totals = count_totals()
    report.seconds = time.monotonic() - started
    if run:
        _record(run, report)
    return report


def tell_who_is_who(report: Report, *, was_killed: bool) -> None:
    """After the counts, which tell which name is whose main one; before the index, which takes in the mentions."""
    has_changed = bool(report.files[Status.CREATED] or report.files[Status.CHANGED])
    if has_changed or was_killed or not mentioning.is_resolved():
        identity.join_by_evidence()
        identity.refresh_names()
        mentioning.resolve()
        choose_mentions()
        quote_what_is_here()
        identity.suggest()


def _complete_index(report: Report) -> None:
    """Build what a first load, a killed run or an older version left without; else tidy after much was new."""
    if not indexing.is_complete():
        indexing.build()
    elif report.messages["created"] >= MANY_MESSAGES:
        with transaction.atomic():
            search.finish()


def _mend(run: ImportRun) -> bool:
    """Complete what only the end of a first load would have done, if the last run was killed; whether it was."""
    before = ImportRun.objects.exclude(pk=run.pk).order_by("-pk").first()
    was_killed = before is not None and before.finished_at is None and not connection.in_atomic_block
    if was_killed:
        restore_schema()
        recount_names()
    return was_killed


def _record(run: ImportRun, report: Report) -> None:
    run.finished_at = timezone.now()
    for status in Status:
        setattr(run, f"files_{status.value}", report.files[status])
    run.files_missing = len(report.missing)
    for outcome, count in report.messages.items():
        setattr(run, f"messages_{outcome}", count)
    run.save()
