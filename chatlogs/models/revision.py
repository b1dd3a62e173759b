"""The revision of the archive, which invalidates the page cache."""

from __future__ import annotations

from django.db import connection


def bump_revision() -> None:
    """Increase the revision and delete all cached pages, within the transaction of the change.

    Cached pages may contain texts that have just been removed, so they are deleted, not only ignored. The Archive row
    is locked first, so that transactions cannot deadlock. Plain SQL, because an import calls this once a file.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chatlogs_archive SET revision = revision + 1")
        cursor.execute("DELETE FROM chatlogs_cachedpage")
