"""`manage.py check_index`: compare the search index with the messages that readers may see."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chatlogs.management.base import exclusive_access
from chatlogs.queries.maintenance import find_keys
from chatlogs.search import sync

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Compare the search index with the messages. Exits with status 1 if they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive_access():
            differences, is_complete = sync.check(), sync.is_complete()
        for what, positions in (
            ("missing from the index", differences.missing),
            ("in the index but not visible", differences.surplus),
            ("in the index with other words", differences.differing),
        ):
            if not positions:
                continue
            self.stdout.write(f"{len(positions):,} {what}")
            keys = find_keys(positions[:MOST_SHOWN])
            for position in positions[:MOST_SHOWN]:
                self.stdout.write(f"  {keys.get(position, f'position {position}')}")
        if not is_complete:
            self.stderr.write("The index is not complete. `manage.py reindex` continues the build.")
        elif differences:
            self.stderr.write("`manage.py reindex` rebuilds the index.")
        if differences or not is_complete:
            raise SystemExit(1)
        self.stdout.write("the index matches the messages")
