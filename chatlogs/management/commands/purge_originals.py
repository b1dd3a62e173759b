"""`manage.py purge_originals`: delete the originals of redacted messages after the retention period."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from chatlogs import moderation
from chatlogs.management.base import database_errors
from chatlogs.moderation import requests


class Command(BaseCommand):
    help = (
        "Delete the originals of messages redacted at least ORIGINAL_RETENTION_DAYS ago, and the texts of old removal"
        " requests."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_days, metavar="N", help="age in days, instead of ORIGINAL_RETENTION_DAYS")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        before = None if days is None else timezone.now() - dt.timedelta(days=days)
        with database_errors():
            purged, scrubbed = moderation.purge(before), requests.scrub_old_requests()
        if purged is None:
            self.stdout.write("0 redacted messages purged")
        else:
            self.stdout.write(f"{len(purged.changes):,} redacted messages purged, as action {purged.pk}")
            self.stdout.write("run `manage.py compact_after_erasure` to clear the last traces from the database files")
        self.stdout.write(f"{scrubbed:,} old requests blanked")


def _days(value: str) -> int:
    if not value.isdecimal() or int(value) > dt.timedelta.max.days // 1_000:
        raise ArgumentTypeError(f"{value!r} is not a number of days")
    return int(value)
