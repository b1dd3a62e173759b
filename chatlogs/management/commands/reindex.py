"""`manage.py reindex`: rebuild the search index, or continue an interrupted build."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from chatlogs.management.base import exclusive_access
from chatlogs.queries.maintenance import count_findable
from chatlogs.search import sync


class Command(BaseCommand):
    help = "Rebuild the search index, or continue a build that was interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from-scratch", action="store_true", help="discard an interrupted build")
        parser.add_argument("--no-progress", action="store_true", help="print only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive_access():
            if options["from_scratch"] or sync.is_complete():
                sync.reset()
            is_quiet = options["no_progress"] or None
            with tqdm(total=sync.count_missing(), unit=" messages", leave=False, disable=is_quiet) as bar:
                sync.build(bar.update)
        self.stdout.write(f"{count_findable():,} messages can be found")
