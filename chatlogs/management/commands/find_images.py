"""`manage.py find_images`: update the pictures from the IMAGES folder."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from chatlogs.images.matching import find_images
from chatlogs.management.base import exclusive_access
from chatlogs.management.output import show_pictures


class Command(BaseCommand):
    help = "Find the messages' pictures in the IMAGES folder and make thumbnails. Missing files are dropped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only problems and totals")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAGES:
            raise CommandError("IMAGES is not set: there is no folder of pictures", returncode=2)
        is_quiet = options["no_progress"] or None
        try:
            with exclusive_access(), tqdm(unit=" seconds", leave=False, disable=is_quiet) as bar:

                def watch(count: int, total: int) -> None:
                    bar.total = total
                    bar.update(count)

                report = find_images(settings.IMAGES, watch)
        except OSError as error:
            raise CommandError(f"IMAGES: {error}", returncode=2) from None
        show_pictures(report, self.stdout, self.stderr)
