"""What readers see has changed, and so every page that was kept is out of date."""

from __future__ import annotations

from django.db import connection


def bump_revision() -> None:
    """Within the transaction of the change. Not through querysets: an import does this once a file.

    Kept pages have texts in them that may just have been taken away, so they are not only passed over, but deleted. The
    Archive's row comes first: who has it waits for nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chatlogs_archive SET revision = revision + 1")
        cursor.execute("DELETE FROM chatlogs_cachedpage")
