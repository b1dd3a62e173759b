"""`manage.py compact_after_erasure`: clear the traces of erased messages from the database files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from chatlogs import moderation
from chatlogs.management.base import exclusive_access

REMAINING_ON_SQLITE = """\
Copies may remain in:
  older backups of the database file: make new ones and delete the old ones
  the original transcripts: no command changes them
"""
REMAINING_ON_POSTGRESQL = """\
Copies may remain in:
  the write-ahead log, pg_wal in the data directory: each CHECKPOINT frees files, which are then overwritten or
    deleted; `SELECT * FROM pg_ls_waldir() ORDER BY modification` lists those that are older than now
  replicas: their tables follow automatically, their own pg_wal as above
  archived log files (archive_command), base backups and dumps that are older than this: make a new base backup and
    delete the old ones with their log files
  the original transcripts: no command changes them
"""


class Command(BaseCommand):
    help = (
        "Clear the traces of erased messages from the database files, and list where copies may remain. Exits with"
        " status 1 if it has to be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with exclusive_access():
                count = moderation.compact_after_erasure()
        except TimeoutError as error:
            raise CommandError(f"no erasure was completed: {error}", returncode=1) from None
        self.stdout.write(f"{count:,} erasures completed")
        if count:
            remaining = REMAINING_ON_POSTGRESQL if connection.vendor == "postgresql" else REMAINING_ON_SQLITE
            self.stdout.write(remaining, ending="")
