"""`manage.py scan_personal_data`: look through all messages for what is masked or for moderators to decide on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from tqdm import tqdm

from chatlogs import moderation
from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.models import PersonalDataMatch
from chatlogs.queries.maintenance import count_findings, count_messages


class Command(BaseCommand):
    help = "Look for personal data in all messages, as after an update of the patterns. What was decided stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only what was found")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with import_lock():
                self._scan(is_quiet=options["no_progress"])
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        except Error as error:
            raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
        self._show(count_findings())

    def _scan(self, *, is_quiet: bool) -> None:
        with tqdm(total=count_messages(), unit=" messages", leave=False, disable=is_quiet or None) as bar:
            moderation.scan_all(bar.update)

    def _show(self, counts: dict[tuple[str, str], int]) -> None:
        states = PersonalDataMatch.State.values
        self.stdout.write(f"{'kind':<12}" + "".join(f"{state:>10}" for state in states))
        for kind in PersonalDataMatch.Kind.values:
            of_kind = [counts.get((kind, state), 0) for state in states]
            if any(of_kind):
                self.stdout.write(f"{kind:<12}" + "".join(f"{count:>10,}" for count in of_kind))
        self.stdout.write(f"{sum(counts.values()):,} places found")
