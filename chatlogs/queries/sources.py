"""The transcripts as they were imported: for the byte-exact export and nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from chatlogs.models import Segment, SourceFile


def find_source_files(room: str = "") -> QuerySet[SourceFile]:
    files = SourceFile.objects.select_related("day__room").order_by("day__room__slug", "day__date")
    return files.filter(day__room__slug=room) if room else files


def read_source(source_file: SourceFile) -> Iterator[bytes]:
    """The pieces that make up the file, byte for byte."""
    yield bytes(source_file.front)
    segments = Segment.objects.filter(source_file=source_file, number__isnull=False).order_by("number")
    for source in segments.values_list("source", flat=True):
        yield bytes(source)
