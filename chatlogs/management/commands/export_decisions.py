"""`manage.py export_decisions FILE`: write the moderators' decisions to a file, to restore them on a new database."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatlogs.management.base import exclusive_access
from chatlogs.moderation import decisions


class Command(BaseCommand):
    help = "Write all moderators' decisions to FILE, including the archive's secret keys and personal data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="- (the default): standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive_access():
            decided = decisions.export_decisions()
        if decided is None:
            raise CommandError("there is no archive yet", returncode=2)
        data = decisions.write_document(decided)
        if options["file"] == "-":
            self.stdout.write(data.decode(), ending="")
            return
        # Readable only by its owner, and written completely or not at all.
        path = Path(options["file"])
        part = path.with_name(f"{path.name}.part")
        try:
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=2) from None
        self.stdout.write(f"written to {path}; it contains the archive's secret keys and personal data")
