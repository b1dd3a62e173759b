"""Runs an import: the files one by one, then people, mentions, counts and the search index."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from chatlogs import mentions, people, search
from chatlogs.db.bulk import refresh_statistics
from chatlogs.importing.bulk_load import asynchronous_commits, bulk_load, restore_schema
from chatlogs.importing.files import find_candidates
from chatlogs.importing.importer import Importer, Options
from chatlogs.importing.reports import FileReport, Report, Status
from chatlogs.models import Alias, Day, ImportRun, Member, Message, Room, SourceFile
from chatlogs.models.counters import recount_names
from chatlogs.moderation.decisions.apply import choose_mentions
from chatlogs.moderation.decisions.highlights import link_pending_parts
from chatlogs.search import sync

SUMS = {
    "messages": "message_count",
    "images": "image_count",
    "links": "link_count",
    "empty_sender": "empty_sender_count",
    "empty_body": "empty_body_count",
}


def count_totals() -> dict[str, int]:
    """Return the report's `totals`. Of aliases, those with messages count."""
    spoken = Message.objects.filter(alias=OuterRef("pk"), is_withdrawn=False)
    sums = SourceFile.objects.aggregate(**{name: Sum(field) for name, field in SUMS.items()})
    return {
        "rooms": Room.objects.count(),
        "days": SourceFile.objects.count(),
        "aliases": Alias.objects.filter(Exists(spoken)).count(),
        **{name: total or 0 for name, total in sums.items()},
    }


# From this many new messages, the database's planner statistics and the search index are refreshed.
MANY_MESSAGES = 10_000

Watcher = Callable[[FileReport, int], None]


def run_import(roots: Sequence[Path], options: Options, watch: Watcher) -> Report:
    """Import the files under the roots, and call `watch` with each one's report and the number of files.

    Raises FileNotFoundError if a root does not exist. The caller holds the import lock.
    """
    started = time.monotonic()
    candidates = find_candidates(list(roots), options.room)
    run = None if options.dry_run else ImportRun.objects.create(started_at=timezone.now())
    importer = Importer(options, {candidate.location for candidate in candidates})
    report = Report()
    was_killed = run is not None and recover_after_crash(run)
    if run:
        people.split_names_anew()
    with nullcontext(False) if options.dry_run else bulk_load() as is_first, asynchronous_commits():
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
        resolve_identities(report, was_killed=was_killed)
        if not sync.is_complete():  # After a first load, a killed run or an update of the index's version.
            sync.build()
        elif report.messages["created"] >= MANY_MESSAGES:
            with transaction.atomic():
                search.finish()
    report.missing = importer.finish(roots)
    report.totals = count_totals()
    report.seconds = time.monotonic() - started
    if run:
        run.finished_at = timezone.now()
        for status in Status:
            setattr(run, f"files_{status.value}", report.files[status])
        run.files_missing = len(report.missing)
        for outcome, count in report.messages.items():
            setattr(run, f"messages_{outcome}", count)
        run.save()
    return report


def resolve_identities(report: Report, *, was_killed: bool) -> None:
    """Update members and mentions: after the counts, which choose main names, and before the index of mentions."""
    has_changed = bool(report.files[Status.CREATED] or report.files[Status.CHANGED])
    if has_changed or was_killed or not mentions.is_resolved():
        people.join_by_evidence()
        people.refresh_names()
        mentions.resolve()
        choose_mentions()
        link_pending_parts()
        people.suggest()


def recover_after_crash(run: ImportRun) -> bool:
    """Restore the schema and the counts if the last run was killed. Return whether it was."""
    before = ImportRun.objects.exclude(pk=run.pk).order_by("-pk").first()
    was_killed = before is not None and before.finished_at is None and not connection.in_atomic_block
    if was_killed:
        restore_schema()
        recount_names()
    return was_killed
