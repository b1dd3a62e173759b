"""`manage.py export_transcripts DIR`: write the imported files back, byte for byte."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path, PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from chatlogs.importing import ImportIsRunning, import_lock
from chatlogs.models import Room, SourceFile
from chatlogs.queries.maintenance import find_source_files, read_source
from chatlogs.transcripts.front_matter import find_date


class Command(BaseCommand):
    help = "Write the imported transcripts to DIR/<room>/, byte for byte, private account ids included."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--room", default="", help="only this room")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, room = options["folder"], options["room"]
        try:
            with import_lock():
                count, altered = _write_all(folder, room)
        except ImportIsRunning:
            raise CommandError("an import is running: try again when it has ended", returncode=2) from None
        except Error as error:
            raise CommandError(f"the database failed: {str(error).strip().splitlines()[0]}", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}", returncode=2) from None
        for path in altered:
            self.stderr.write(f"{path}: written without what was erased from it")
        self.stdout.write(f"{count:,} files written to {folder}")


def _write_all(folder: Path, room: str) -> tuple[int, list[str]]:
    """The number of files, and the paths of those whose bytes are not those imported."""
    if room and not Room.objects.filter(slug=room).exists():
        raise CommandError(f"no such room: {room}", returncode=2)
    count, altered = 0, []
    for source_file in find_source_files(room).iterator(chunk_size=100):
        count += 1
        if not _write(folder, source_file):
            altered.append(source_file.path)
    return count, altered


def _write(folder: Path, source_file: SourceFile) -> bool:
    """Whether the bytes are those that were imported."""
    digest = hashlib.sha256()
    path = folder / source_file.day.room.slug / _name(source_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in read_source(source_file):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest() == source_file.sha256


def _name(source_file: SourceFile) -> PurePath:
    """The file's own name, below `_posts` where it came from there, and always with its date."""
    path = PurePath(source_file.path)
    name = path.name if find_date(path.name) else f"{source_file.day.date}-{path.name}"
    return PurePath("_posts", name) if path.parent.name == "_posts" else PurePath(name)
