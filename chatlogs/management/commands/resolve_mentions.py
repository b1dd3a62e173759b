"""`manage.py resolve_mentions`: find the mentions in all messages again, and whom they mean."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from chatlogs import mentions, people
from chatlogs.management.base import exclusive_access
from chatlogs.queries.maintenance import count_days


class Command(BaseCommand):
    help = "Find the mentions in all messages again, and whom they mean. Moderators' decisions are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        with exclusive_access():
            people.split_names_anew()
            is_quiet = options["no_progress"] or None
            with tqdm(total=count_days(), unit=" days", leave=False, disable=is_quiet) as bar:
                resolved = mentions.resolve(everything=True, watch=bar.update)
            people.suggest()
        self.stdout.write(f"{resolved.days:,} days searched, {resolved.names:,} mentioned names changed")
