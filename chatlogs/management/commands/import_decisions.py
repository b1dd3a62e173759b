"""`manage.py import_decisions FILE`: take over what moderators decided, before the transcripts are imported."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from chatlogs import moderation
from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.moderation import decisions

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Take over what export_decisions wrote. First on an empty database, before import_transcripts; again after it,"
        " to hear what still waits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="print what would be taken over and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            document = decisions.read_document(path.read_bytes())
            with import_lock():
                installed = decisions.load_decisions(document, dry_run=options["dry_run"])
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        except (decisions.Broken, decisions.NotHere) as error:
            raise CommandError(f"{path}: {error}", returncode=2) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from None
        except Error as error:
            raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
        self._tell(installed)
        if options["dry_run"]:
            self.stdout.write("nothing was written")

    def _tell(self, installed: decisions.Installed) -> None:
        for section, count in installed.new.items():
            self.stdout.write(f"{section.replace('_', ' '):<16}{count:>8,} taken over")
        if not installed.new:
            self.stdout.write("all is as the file says")
        for name in sorted(installed.missing_users):
            self.stderr.write(f"no user is called {name}: what was theirs is nobody's")
        if installed.waiting:
            count = len(installed.waiting)
            self.stdout.write(f"{count:,} messages that were decided on are in no transcript that was imported")
            for key in installed.waiting[:MOST_SHOWN]:
                self.stdout.write(f"  {key}")
        if count := moderation.count_unfinished():
            self.stdout.write(f"{count:,} erasures are not finished: `manage.py compact_after_erasure`")
