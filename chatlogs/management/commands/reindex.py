"""`manage.py reindex`: build the search index anew, or go on with a build that was broken off."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.queries.maintenance import count_findable
from chatlogs.search import sync


class Command(BaseCommand):
    help = "Build the search index anew; after a build that was broken off, go on where it stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from-scratch", action="store_true", help="forget a build that was broken off")
        parser.add_argument("--no-progress", action="store_true", help="print only what was done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with import_lock():
                self._build(from_scratch=options["from_scratch"], is_quiet=options["no_progress"])
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        self.stdout.write(f"{count_findable():,} messages can be found")

    def _build(self, *, from_scratch: bool, is_quiet: bool) -> None:
        if from_scratch or sync.is_complete():
            sync.reset()
        bar = tqdm(total=sync.count_missing(), unit=" messages", leave=False, disable=is_quiet or None)
        with bar:
            sync.build(bar.update)
