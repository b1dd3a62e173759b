"""Clear the files of the database of what was erased."""

from __future__ import annotations

import re
import time

from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef
from django.utils import timezone

from chatlogs import search
from chatlogs.db.locks import busy_timeout
from chatlogs.images.thumbnails import remove_thumbnails
from chatlogs.models import CachedPage, Erasure, Mention, MentionedName, Message, RemovalRequest, Tombstone
from chatlogs.moderation.actions.erasure import CARRIED

# Models whose tables PostgreSQL rewrites, so that nothing remains in the old files.
REWRITTEN = (*CARRIED, Message, Mention, MentionedName, Tombstone, RemovalRequest, LogEntry, CachedPage)
SEARCH_TABLE = "chatlogs_search"

# Seconds to wait for readers.
CHECKPOINT_SECONDS = 30.0
READERS = "somebody has been reading the database all the time: try again"

# Seconds between two attempts to rewrite a table.
RETRY_SECONDS = 0.5


def count_unfinished() -> int:
    return Erasure.objects.filter(finished_at=None).count()


def compact_after_erasure(seconds: float = CHECKPOINT_SECONDS) -> int:
    """Remove erased content from the files of the database, and return the number of erasures. In no transaction.

    PostgreSQL locks one table after another while it is rewritten. `seconds` is how long to wait, for each table, for
    transactions that still read the former rows. Raises TimeoutError after that; call it again later.
    """
    pending = {one.pk: one.action for one in Erasure.objects.filter(finished_at=None).select_related("action")}
    if not pending:
        return 0
    changes = [change for action in pending.values() for change in action.changes]
    remove_thumbnails(change["message"] for change in changes if "message" in change)
    if connection.vendor == "postgresql":
        _rewrite_tables(seconds)
    else:
        with transaction.atomic():
            search.finish()
        _checkpoint(seconds)
    Erasure.objects.filter(pk__in=pending).update(finished_at=timezone.now())
    _close_requests()
    return len(pending)


def _close_requests() -> None:
    unfinished = Erasure.objects.filter(action__removal_request=OuterRef("pk"), finished_at=None)
    done = RemovalRequest.objects.filter(~Exists(unfinished), state=RemovalRequest.State.ERASING)
    done.update(state=RemovalRequest.State.DONE, closed_at=timezone.now())


def _rewrite_tables(seconds: float) -> None:
    """Rewrite the statistics, too, which hold samples of columns; only the database's owner may do that."""
    tables = [model._meta.db_table for model in REWRITTEN] + [SEARCH_TABLE, "pg_catalog.pg_statistic"]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables[:-1])}")
        for table in tables:
            until = time.monotonic() + seconds
            while _rewrite_table(cursor, table):
                if time.monotonic() > until:
                    raise TimeoutError(READERS)
                time.sleep(RETRY_SECONDS)


def _rewrite_table(cursor: CursorWrapper, table: str) -> int:
    """Return the number of deleted rows that remain because an older transaction may still read them.

    PostgreSQL reports it only in a notice, whose second line begins with the number in every language. For a table that
    it may not rewrite there is no notice.
    """
    notices = cursor.connection.notices
    notices.clear()
    cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
    left = [re.search(r"\d+", details) for notice in notices for details in notice.splitlines()[1:2]]
    return sum(int(number[0]) for number in left if number)


def _checkpoint(seconds: float) -> None:
    """Move the write-ahead log into the database file and truncate it."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor, busy_timeout(cursor, milliseconds=100):
        while True:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_ = cursor.fetchone()
            if not is_busy:
                return
            if time.monotonic() > until:
                raise TimeoutError(READERS)
