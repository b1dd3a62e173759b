"""`manage.py import_decisions FILE`: restore the moderators' decisions that export_decisions wrote."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatlogs import moderation
from chatlogs.management.base import exclusive_access
from chatlogs.moderation import decisions

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Restore what export_decisions wrote. Run it on an empty database before import_transcripts, and once more"
        " afterwards to list the decisions whose messages are still missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="print what would be imported and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            document = decisions.read_document(path.read_bytes())
            with exclusive_access():
                installed = decisions.load_decisions(document, dry_run=options["dry_run"])
        except (decisions.Broken, decisions.NotHere) as error:
            raise CommandError(f"{path}: {error}", returncode=2) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from None
        for section, count in installed.new.items():
            self.stdout.write(f"{section.replace('_', ' '):<16}{count:>8,} imported")
        if not installed.new:
            self.stdout.write("the archive already has everything in the file")
        for name in sorted(installed.missing_users):
            self.stderr.write(f"there is no user {name}: their entries are left without a user")
        if installed.waiting:
            count = len(installed.waiting)
            self.stdout.write(f"{count:,} messages with decisions are not in any imported transcript")
            for key in installed.waiting[:MOST_SHOWN]:
                self.stdout.write(f"  {key}")
        if count := moderation.count_unfinished():
            self.stdout.write(f"{count:,} erasures are not completed: run `manage.py compact_after_erasure`")
        if options["dry_run"]:
            self.stdout.write("nothing was written")
