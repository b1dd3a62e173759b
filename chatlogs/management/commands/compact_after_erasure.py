"""`manage.py compact_after_erasure`: clear the database's files of what was erased."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from chatlogs import moderation
from chatlogs.importing import ImportIsRunning, import_lock

LEFT_BY_SQLITE = """\
Copies may still lie elsewhere:
  backups of the database's file that are older than this: make new ones and delete the old ones
  the transcripts that it came from: no command changes them
"""
LEFT_BY_POSTGRESQL = """\
Copies may still lie elsewhere:
  the write-ahead log, pg_wal in the data directory: each CHECKPOINT frees files of it, which are written over or
    deleted; `SELECT * FROM pg_ls_waldir() ORDER BY modification` lists what is left from before now
  replicas: their tables follow by themselves, their own pg_wal as above
  archived log files (archive_command), base backups and dumps that are older than this: make a new base backup and
    delete the old ones with the log files that belong to them
  the transcripts that it came from: no command changes them
"""


class Command(BaseCommand):
    help = "Clear the database's files of what was erased, and say where copies may be left. Status 1: try again."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with import_lock():
                count = moderation.compact_after_erasure()
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        except TimeoutError as error:
            raise CommandError(f"no erasure is finished: {error}", returncode=1) from None
        except Error as error:
            raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
        self.stdout.write(f"{count:,} erasures finished")
        if count:
            left = LEFT_BY_POSTGRESQL if connection.vendor == "postgresql" else LEFT_BY_SQLITE
            self.stdout.write(left, ending="")
