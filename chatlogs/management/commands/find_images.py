"""`manage.py find_images`: bring the pictures up to date with the folder IMAGES."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from chatlogs.images.matching import find_images
from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.management.output import show_pictures


class Command(BaseCommand):
    help = "Find the messages' pictures in the folder IMAGES, and make their thumbnails. What is gone is forgotten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-progress", action="store_true", help="print only problems and the sums")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IMAGES:
            raise CommandError("IMAGES is not set: no folder has pictures", returncode=2)
        try:
            with import_lock(), tqdm(unit=" seconds", leave=False, disable=options["no_progress"] or None) as bar:

                def watch(count: int, total: int) -> None:
                    bar.total = total
                    bar.update(count)

                report = find_images(settings.IMAGES, watch)
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        except OSError as error:
            raise CommandError(f"IMAGES: {error}", returncode=2) from None
        show_pictures(report, self.stdout, self.stderr)
