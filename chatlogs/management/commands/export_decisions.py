"""`manage.py export_decisions FILE`: write all that moderators decided, for a database that is built anew."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.moderation import decisions


class Command(BaseCommand):
    help = "Write all that moderators decided to FILE, the archive's secret keys and personal data included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", default="-", help="- (the default): standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        data = _read()
        if options["file"] == "-":
            self.stdout.write(data.decode(), ending="")
            return
        try:
            _write_secret(Path(options["file"]), data)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=2) from None
        self.stdout.write(f"written to {options['file']}: it holds the archive's keys and personal data")


def _read() -> bytes:
    try:
        with import_lock():
            decided = decisions.export_decisions()
    except ImportIsRunning:
        raise CommandError("an import is running: try again when it has ended", returncode=2) from None
    except Error as error:
        raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
    if decided is None:
        raise CommandError("there is no archive yet", returncode=2)
    return decisions.write_document(decided)


def _write_secret(path: Path, data: bytes) -> None:
    """For its owner alone, and whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    part.replace(path)
