"""`manage.py import_transcripts`: bring the archive up to date with the transcript files."""

from __future__ import annotations

import gc
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from chatlogs.importing import ImportIsRunning, Options, Report, Status, import_lock, run_import
from chatlogs.importing.files import ROOM_SLUG
from chatlogs.management.output import ImportOutput, show_pictures
from chatlogs.transcripts import ENCODINGS

if TYPE_CHECKING:
    from chatlogs.images.matching import PictureReport


class Command(BaseCommand):
    # They would load every page and the API: a third of a second, each night.
    requires_system_checks = ()
    help = "Import transcript files. Unchanged ones are skipped, edited ones change only what was edited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="*", metavar="PATH", type=Path, help="files or folders; TRANSCRIPTS by default"
        )
        parser.add_argument("--room", default="", help="the room of all files, whatever their folders' names")
        parser.add_argument("--dry-run", action="store_true", help="print what would change and write nothing")
        parser.add_argument("--reparse", action="store_true", help="read unchanged files again, too")
        parser.add_argument(
            "--allow-withdrawals",
            action="store_true",
            help="accept files that lost more than half of a day's messages",
        )
        parser.add_argument("--encoding", default="", choices=ENCODINGS, help="the files' encoding, if not UTF-8")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write a report as JSON")
        parser.add_argument("--no-progress", action="store_true", help="print only problems and the sums")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["room"] and not ROOM_SLUG.fullmatch(options["room"]):
            raise CommandError(f"--room {options['room']!r}: letters, digits, - and _ only", returncode=2)
        report = self._run(options)
        if options["report"]:
            _write_report(options["report"], report)
        if report.files[Status.REJECTED]:
            raise SystemExit(1)

    def _run(self, options: dict[str, Any]) -> Report:
        asked = Options(
            room=options["room"],
            encoding=options["encoding"],
            dry_run=options["dry_run"],
            reparse=options["reparse"],
            allow_withdrawals=options["allow_withdrawals"],
        )
        roots = options["paths"] or [settings.TRANSCRIPTS]
        # Django's own objects stay for good: going through them again and again costs a tenth.
        gc.freeze()
        output = ImportOutput(self.stdout, self.stderr, options["no_progress"], options["dry_run"])
        try:
            with output, import_lock():
                report = run_import(roots, asked, output.show_file)
                pictures = None if asked.dry_run else self._find_pictures()
        except ImportIsRunning:
            raise CommandError("another import is running", returncode=2) from None
        except OSError as error:
            raise CommandError(str(error), returncode=2) from None
        except Error as error:
            reason = str(error).strip().splitlines()[0]
            message = f"the database failed: {reason} (was `manage.py migrate` run?)"
            raise CommandError(message, returncode=2) from error
        output.show_sums(report)
        if pictures:
            show_pictures(pictures, self.stdout, self.stderr)
        return report

    def _find_pictures(self) -> PictureReport | None:
        if not settings.IMAGES:
            return None
        from chatlogs.images.matching import find_images  # With Pillow, which an import without pictures spares.

        try:
            return find_images(settings.IMAGES)
        except OSError as error:
            self.stderr.write(f"IMAGES: {error}: the pictures stay as they were")
            return None


def _write_report(path: Path, report: Report) -> None:
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--report {path}: {error.strerror}", returncode=2) from None
