"""`manage.py export_transcripts DIR`: write the imported files back, byte for byte."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path, PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chatlogs.management.base import exclusive_access
from chatlogs.models import Room, SourceFile
from chatlogs.queries.maintenance import find_source_files, read_source
from chatlogs.transcripts.front_matter import find_date


class Command(BaseCommand):
    help = "Write the imported transcripts to DIR/<room>/, byte for byte, including private account IDs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--room", default="", help="only this room")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, room = options["folder"], options["room"]
        count, altered = 0, []
        try:
            with exclusive_access():
                if room and not Room.objects.filter(slug=room).exists():
                    raise CommandError(f"no such room: {room}", returncode=2)
                for source_file in find_source_files(room).iterator(chunk_size=100):
                    count += 1
                    if not _write(folder, source_file):
                        altered.append(source_file.path)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from None
        for path in altered:
            self.stderr.write(f"{path}: written without the parts that were erased")
        self.stdout.write(f"{count:,} files written to {folder}")


def _write(folder: Path, source_file: SourceFile) -> bool:
    """Write a file. Return whether its bytes are those that were imported.

    It keeps its own name, below `_posts` if it was imported from there, and always with its date.
    """
    original = PurePath(source_file.path)
    name = original.name if find_date(original.name) else f"{source_file.day.date}-{original.name}"
    parts = ("_posts", name) if original.parent.name == "_posts" else (name,)
    path = folder.joinpath(source_file.day.room.slug, *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for piece in read_source(source_file):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest() == source_file.sha256
