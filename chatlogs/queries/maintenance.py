"""Queries of management commands: original transcripts, and counts over the whole archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Count, QuerySet

from chatlogs.models import Day, Message, PersonalDataMatch, Segment, SourceFile


def find_source_files(room: str = "") -> QuerySet[SourceFile]:
    files = SourceFile.objects.select_related("day__room").order_by("day__room__slug", "day__date")
    return files.filter(day__room__slug=room) if room else files


def read_source(source_file: SourceFile) -> Iterator[bytes]:
    """Yield the segments of the file, byte for byte."""
    yield bytes(source_file.front)
    segments = Segment.objects.filter(source_file=source_file, number__isnull=False).order_by("number")
    for source in segments.values_list("source", flat=True):
        yield bytes(source)


def count_days() -> int:
    return Day.objects.count()


def count_messages() -> int:
    return Message.objects.count()


def count_matches() -> dict[tuple[str, str], int]:
    counted = PersonalDataMatch.objects.order_by().values_list("kind", "state").annotate(Count("pk"))
    return {(kind, state): count for kind, state, count in counted}


def count_findable() -> int:
    return Message.objects.shown().count()


def find_keys(positions: Sequence[int]) -> dict[int, str]:
    return dict(Message.objects.filter(position__in=positions).values_list("position", "key"))
