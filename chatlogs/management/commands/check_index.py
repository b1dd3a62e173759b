"""`manage.py check_index`: whether the search index has what readers may see, and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.queries.maintenance import find_keys
from chatlogs.search import sync

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Hold the search index against the messages. Status 1 says that they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with import_lock():
                differences, is_complete = sync.check(), sync.is_complete()
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        self._show("not in the index", differences.missing)
        self._show("in the index, though not to be seen", differences.surplus)
        self._show("in the index with other words", differences.differing)
        if not is_complete:
            self.stderr.write("The index is not complete. `manage.py reindex` goes on building it.")
        elif differences:
            self.stderr.write("`manage.py reindex` builds the index anew.")
        if differences or not is_complete:
            raise SystemExit(1)
        self.stdout.write("the index has all messages as they are")

    def _show(self, what: str, positions: list[int]) -> None:
        if not positions:
            return
        self.stdout.write(f"{len(positions):,} {what}")
        keys = find_keys(positions[:MOST_SHOWN])
        for position in positions[:MOST_SHOWN]:
            self.stdout.write(f"  {keys.get(position, f'position {position}')}")
