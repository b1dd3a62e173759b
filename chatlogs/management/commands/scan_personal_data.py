"""`manage.py scan_personal_data`: search all messages for personal data to mask or to review."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from chatlogs import moderation
from chatlogs.management.base import exclusive_access
from chatlogs.models import PersonalDataMatch
from chatlogs.queries.maintenance import count_matches, count_messages


class Command(BaseCommand):
    help = (
        "Search all messages for personal data. Needed after an update of the patterns; moderators' decisions are kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only the result")

    def handle(self, *args: Any, **options: Any) -> None:
        is_quiet = options["no_progress"] or None
        with (
            exclusive_access(),
            tqdm(total=count_messages(), unit=" messages", leave=False, disable=is_quiet) as bar,
        ):
            moderation.scan_all(bar.update)
        counts, states = count_matches(), PersonalDataMatch.State.values
        self.stdout.write(f"{'kind':<12}" + "".join(f"{state:>10}" for state in states))
        for kind in PersonalDataMatch.Kind.values:
            of_kind = [counts.get((kind, state), 0) for state in states]
            if any(of_kind):
                self.stdout.write(f"{kind:<12}" + "".join(f"{count:>10,}" for count in of_kind))
        self.stdout.write(f"{sum(counts.values()):,} matches found")
