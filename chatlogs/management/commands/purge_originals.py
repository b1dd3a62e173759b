"""`manage.py purge_originals`: forget for good what has been sealed for long enough."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from chatlogs import moderation
from chatlogs.models import ModerationAction
from chatlogs.moderation import requests


class Command(BaseCommand):
    help = "Delete originals ORIGINAL_RETENTION_DAYS after their redaction, and the texts of old removal requests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=_days, metavar="N", help="as long ago as this, in place of ORIGINAL_RETENTION_DAYS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        before = None if days is None else timezone.now() - dt.timedelta(days=days)
        try:
            purged, forgotten = moderation.purge(before), requests.scrub_old_requests()
        except Error as error:
            raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
        self._tell(purged)
        self.stdout.write(f"{forgotten:,} old requests blanked")

    def _tell(self, purged: ModerationAction | None) -> None:
        if purged is None:
            self.stdout.write("0 redacted messages purged")
            return
        self.stdout.write(f"{len(purged.changes):,} redacted messages purged, as action {purged.pk}")
        self.stdout.write("`manage.py compact_after_erasure` clears the last traces from the database's files")


def _days(value: str) -> int:
    if not value.isdecimal() or int(value) > dt.timedelta.max.days // 1_000:
        raise ArgumentTypeError(f"{value!r} is no number of days")
    return int(value)
