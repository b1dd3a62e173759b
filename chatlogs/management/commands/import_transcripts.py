"""`manage.py import_transcripts`: update the archive from the transcript files."""

from __future__ import annotations

import gc
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chatlogs.importing import Options, Status, run_import
from chatlogs.importing.files import ROOM_SLUG
from chatlogs.management.base import exclusive_access
from chatlogs.management.output import ImportOutput, show_pictures
from chatlogs.transcripts import ENCODINGS


class Command(BaseCommand):
    # Skipping the system checks saves about 0.3 s: they import every view.
    requires_system_checks = ()
    help = "Import transcript files. Unchanged files are skipped; of edited files, only what was edited is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", metavar="PATH", type=Path, help="files or folders; TRANSCRIPTS by default"
        )
        parser.add_argument("--room", default="", help="the room of all files, whatever their folders are called")
        parser.add_argument("--dry-run", action="store_true", help="print what would change and write nothing")
        parser.add_argument("--reparse", action="store_true", help="also read unchanged files again")
        parser.add_argument(
            "--allow-withdrawals",
            action="store_true",
            help="accept files that lost more than half of a day's messages",
        )
        parser.add_argument("--encoding", default="", choices=ENCODINGS, help="the files' encoding, if not UTF-8")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write a report as JSON")
        parser.add_argument("--no-progress", action="store_true", help="print only problems and totals")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["room"] and not ROOM_SLUG.fullmatch(options["room"]):
            raise CommandError(f"--room {options['room']!r}: letters, digits, - and _ only", returncode=2)
        asked = Options(
            room=options["room"],
            encoding=options["encoding"],
            dry_run=options["dry_run"],
            reparse=options["reparse"],
            allow_withdrawals=options["allow_withdrawals"],
        )
        # Django's own objects live as long as the process: collecting them repeatedly costs a tenth of the import.
        gc.freeze()
        output = ImportOutput(self.stdout, self.stderr, options["no_progress"], options["dry_run"])
        pictures = None
        try:
            with output, exclusive_access("another import is running", " (was `manage.py migrate` run?)"):
                report = run_import(options["paths"] or [settings.TRANSCRIPTS], asked, output.show_file)
                if settings.IMAGES and not asked.dry_run:
                    # Imports Pillow, which an import without pictures does not need.
                    from chatlogs.images.matching import find_images

                    try:
                        pictures = find_images(settings.IMAGES)
                    except OSError as error:
                        self.stderr.write(f"IMAGES: {error}: the pictures were not updated")
        except OSError as error:
            raise CommandError(str(error), returncode=2) from None
        output.show_totals(report)
        if pictures:
            show_pictures(pictures, self.stdout, self.stderr)
        if options["report"]:
            text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
            try:
                options["report"].write_text(text + "\n", encoding="utf-8")
            except OSError as error:
                raise CommandError(f"--report {options['report']}: {error.strerror}", returncode=2) from None
        if report.files[Status.REJECTED]:
            raise SystemExit(1)
