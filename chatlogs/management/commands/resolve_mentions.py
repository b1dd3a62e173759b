"""`manage.py resolve_mentions`: look for mentions in all messages, and for who is meant, anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from chatlogs import mentions, people
from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.queries.maintenance import count_days


class Command(BaseCommand):
    help = "Look for mentions in all messages, and for who is meant, anew. What moderators decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only what was done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with import_lock():
                resolved = self._resolve(is_quiet=options["no_progress"])
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        self.stdout.write(f"{resolved.days:,} days looked through, {resolved.names:,} mentioned names changed")

    def _resolve(self, *, is_quiet: bool) -> mentions.Resolved:
        people.split_names_anew()
        with tqdm(total=count_days(), unit=" days", leave=False, disable=is_quiet or None) as bar:
            resolved = mentions.resolve(everything=True, watch=bar.update)
        people.suggest()
        return resolved
