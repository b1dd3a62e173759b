"""Which files of the folder IMAGES are the pictures of which messages, and the thumbnails of these."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db.models import Q

from chatlogs.audit import locked_archive
from chatlogs.images.folder import NotUsable, Opened, Problem, list_pictures, open_picture
from chatlogs.images.thumbnails import (
    Shrunk,
    read_source_time,
    remove_others,
    remove_thumbnails,
    shrink,
    write_thumbnail,
)
from chatlogs.models import Image, Message, Room
from chatlogs.models.counters import touch_days
from chatlogs.models.messages import WITHOUT_PICTURE
from chatlogs.models.revision import bump_revision

# Seconds with pictures a transaction. One of them may take a tenth of a second.
BATCH = 50

COLUMNS = (
    "pk", "key", "room__slug", "day_id", "day__date", "time", "state", "is_withdrawn", "duplicate_of_id", "is_without",
    "image__path",
)  # fmt: skip

# Gets the number of seconds gone through since it was last called, and of all.
Watcher = Callable[[int, int], object]


class Sent(NamedTuple):
    """A message of a second. `is_without`: its picture was taken away."""

    pk: int
    key: str
    room: str
    day_id: int
    date: dt.date
    time: dt.time
    state: str
    is_withdrawn: bool
    duplicate_of_id: int | None
    is_without: bool
    path: str | None

    @property
    def second(self) -> tuple[str, str]:
        """Room, and how a file of its pictures is named."""
        return self.room, f"{self.date:%Y%m%d}_{self.time:%H%M%S}"

    @property
    def has_image(self) -> bool:
        """Of its own, in a transcript."""
        return self.path is not None and not self.is_withdrawn and self.duplicate_of_id is None


class Found(NamedTuple):
    """A file. `thumbnail` is None where all of its messages have it as it is."""

    path: str
    changed_ns: int = 0
    shrunk: Shrunk | None = None


@dataclass(slots=True)
class PictureReport:
    """Counts of messages: whose picture is new or another, whose is gone, and how many have one, of how many."""

    found: int = 0
    forgotten: int = 0
    here: int = 0
    total: int = 0
    problems: list[Problem] = field(default_factory=list)


def find_images(folder: Path, watch: Watcher = lambda *_: None) -> PictureReport:
    """Bring the pictures up to date with the folder. The caller holds the import lock.

    Broken off, it goes on where it was, for each batch is done for good. Raises OSError where the folder is not there,
    so that nothing is forgotten because a disk is not mounted.
    """
    by_second = _read_seconds()
    finder, seconds = _Finder(folder, by_second), list(by_second.values())
    for start in range(0, len(seconds), BATCH):
        finder.bring_up_to_date(seconds[start : start + BATCH])
        watch(min(BATCH, len(seconds) - start), len(seconds))
    here = set(Image.objects.exclude(path="").values_list("message__key", flat=True))
    remove_others(here)
    finder.report.here = len(here)
    finder.report.total = sum(sent.has_image for of_second in seconds for sent in of_second)
    return finder.report


class _Finder:
    def __init__(self, folder: Path, seconds: Iterable[tuple[str, str]]) -> None:
        self._folder = folder
        self._listing = list_pictures(folder, set(Room.objects.values_list("slug", flat=True)))
        self._rooms_of: defaultdict[str, set[str]] = defaultdict(set)
        self.report = PictureReport(problems=list(self._listing.problems))
        for room, second in seconds:
            self._rooms_of[second].add(room)

    def bring_up_to_date(self, seconds: Iterable[Sequence[Sent]]) -> None:
        """Files are read before the transaction. What moderators did meanwhile is seen within it."""
        found = {of_second[0].second: self._look_for(of_second) for of_second in seconds}
        if not _find_differences(seconds, found):
            return
        with locked_archive():
            now = _read_seconds({sent.pk for of_second in seconds for sent in of_second})
            differences = _find_differences(now.values(), found)
            for sent, picture in differences:
                self._write(sent, picture)
            touch_days(sorted({sent.day_id for sent, _ in differences}))
            bump_revision()

    def _look_for(self, of_second: Sequence[Sent]) -> Found | None:
        showing = [sent for sent, may_show in _judge(of_second) if may_show]
        for path in self._paths(*of_second[0].second) if showing else ():
            try:
                opened = open_picture(self._folder, path)
                with opened.file:
                    if all(sent.path == path and _is_current(sent, opened) for sent in showing):
                        return Found(path)
                    return Found(path, opened.modified_ns, shrink(opened.file, Image.LONGEST_SIDE))
            except FileNotFoundError:
                continue
            except NotUsable as reason:
                self.report.problems.append(Problem(path, str(reason)))
        return None

    def _paths(self, room: str, second: str) -> list[str]:
        """Outside of the rooms' folders, a file may be another room's: of two that have a picture, it is neither's."""
        files = self._listing.files
        shared = files.get(("", second), []) if len(self._rooms_of[second]) == 1 else []
        return [*files.get((room, second), []), *shared]

    def _write(self, sent: Sent, picture: Found | None) -> None:
        image = Image.objects.filter(pk=sent.pk)
        if picture is None or picture.shrunk is None:
            image.update(path="", width=0, height=0)
            remove_thumbnails([sent.key])
            self.report.forgotten += 1
        else:
            width, height, thumbnail = picture.shrunk
            image.update(path=picture.path, width=width, height=height)
            write_thumbnail(sent.key, thumbnail, picture.changed_ns)
            self.report.found += 1


def _read_seconds(message_ids: Collection[int] | None = None) -> dict[tuple[str, str], list[Sent]]:
    """The messages of the seconds in which pictures were sent, or may have been before they were erased."""
    messages = Message.objects.filter(Q(kind=Message.Kind.IMAGE) | Q(state=Message.State.ERASED))
    if message_ids is not None:
        messages = Message.objects.filter(pk__in=message_ids)
    seconds: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
    for row in messages.annotate(is_without=WITHOUT_PICTURE).order_by("position").values_list(*COLUMNS):
        sent = Sent(*row)
        seconds[sent.second].append(sent)
    return seconds


def _is_current(sent: Sent, opened: Opened) -> bool:
    return read_source_time(sent.key) == opened.modified_ns


def _judge(of_second: Sequence[Sent]) -> list[tuple[Sent, bool]]:
    """Which messages may show the picture of their second: one that is hidden keeps what it has, and where a picture
    was taken away, no other message shows it instead."""
    is_any_without = any(sent.is_without for sent in of_second)
    return [(sent, sent.has_image and not (is_any_without and sent.state == Message.State.SHOWN)) for sent in of_second]


def _find_differences(
    seconds: Iterable[Sequence[Sent]], found: Mapping[tuple[str, str], Found | None]
) -> list[tuple[Sent, Found | None]]:
    """The messages whose picture is another than they have, or none."""
    differences: list[tuple[Sent, Found | None]] = []
    for of_second in seconds:
        for sent, may_show in _judge(of_second):
            picture = found[sent.second] if may_show else None
            if (picture and picture.shrunk) or (picture is None and sent.path):
                differences.append((sent, picture))
    return differences
