"""Matches files of the folder IMAGES to messages by the second in their names, and makes thumbnails."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.db.models import Q

from chatlogs.audit import locked_archive
from chatlogs.images.folder import NotUsable, Problem, list_pictures, open_picture
from chatlogs.images.thumbnails import (
    Shrunk,
    read_source_time,
    remove_thumbnails,
    remove_thumbnails_except,
    shrink,
    write_thumbnail,
)
from chatlogs.models import Image, Message, Room
from chatlogs.models.counters import touch_days
from chatlogs.models.messages import WITHOUT_PICTURE
from chatlogs.models.revision import bump_revision

# Seconds with pictures per transaction. One of them may take 0.1 s.
BATCH = 50

COLUMNS = (
    "pk", "key", "room__slug", "day_id", "day__date", "time", "state", "is_withdrawn", "duplicate_of_id", "is_without",
    "image__path",
)  # fmt: skip

# Called with the number of seconds processed since the last call, and with their total.
Watcher = Callable[[int, int], object]


class Sent(NamedTuple):
    """A message. `is_without`: its picture was removed."""

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
        """The room, and the beginning of the names of its pictures."""
        return self.room, f"{self.date:%Y%m%d}_{self.time:%H%M%S}"

    @property
    def has_image(self) -> bool:
        return self.path is not None and not self.is_withdrawn and self.duplicate_of_id is None


class Found(NamedTuple):
    """A file. `shrunk` is None if all of its messages show it already."""

    path: str
    changed_ns: int = 0
    shrunk: Shrunk | None = None


@dataclass(slots=True)
class PictureReport:
    """Numbers of messages: picture new or changed, picture gone, with a picture here, with a picture at all."""

    found: int = 0
    forgotten: int = 0
    here: int = 0
    total: int = 0
    problems: list[Problem] = field(default_factory=list)


def find_images(folder: Path, watch: Watcher = lambda *_: None) -> PictureReport:
    """Update the messages' pictures from the folder. The caller holds the import lock.

    Each batch is committed, so that an interrupted run continues where it stopped. Raises OSError if the folder is
    missing, so that no picture is forgotten because a disk is not mounted.
    """
    by_second = _read_seconds()
    finder, seconds = _Finder(folder, by_second), list(by_second.values())
    for start in range(0, len(seconds), BATCH):
        finder.update(seconds[start : start + BATCH])
        watch(min(BATCH, len(seconds) - start), len(seconds))
    here = set(Image.objects.exclude(path="").values_list("message__key", flat=True))
    remove_thumbnails_except(here)
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

    def update(self, seconds: Iterable[Sequence[Sent]]) -> None:
        """Read files before the transaction, and messages again inside it: moderators may have acted meanwhile."""
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
                    if all(sent.path == path and read_source_time(sent.key) == opened.modified_ns for sent in showing):
                        return Found(path)
                    return Found(path, opened.modified_ns, shrink(opened.file, Image.LONGEST_SIDE))
            except FileNotFoundError:
                continue
            except NotUsable as reason:
                self.report.problems.append(Problem(path, str(reason)))
        return None

    def _paths(self, room: str, second: str) -> list[str]:
        """Use a file outside the rooms' folders only if a single room has pictures in that second."""
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
    """Return the messages of seconds with pictures, or with erased messages that may have been pictures."""
    messages = Message.objects.filter(Q(kind=Message.Kind.IMAGE) | Q(state=Message.State.ERASED))
    if message_ids is not None:
        messages = Message.objects.filter(pk__in=message_ids)
    seconds: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
    for row in messages.annotate(is_without=WITHOUT_PICTURE).order_by("position").values_list(*COLUMNS):
        sent = Sent(*row)
        seconds[sent.second].append(sent)
    return seconds


def _judge(of_second: Sequence[Sent]) -> list[tuple[Sent, bool]]:
    """Pair each message with whether it may show the picture of its second.

    A hidden message keeps its picture. If one picture of the second was removed, no other message shows it.
    """
    is_any_without = any(sent.is_without for sent in of_second)
    return [(sent, sent.has_image and not (is_any_without and sent.state == Message.State.SHOWN)) for sent in of_second]


def _find_differences(
    seconds: Iterable[Sequence[Sent]], found: Mapping[tuple[str, str], Found | None]
) -> list[tuple[Sent, Found | None]]:
    """Return the messages whose picture must change, with the new one or None."""
    differences: list[tuple[Sent, Found | None]] = []
    for of_second in seconds:
        for sent, may_show in _judge(of_second):
            picture = found[sent.second] if may_show else None
            if (picture and picture.shrunk) or (picture is None and sent.path):
                differences.append((sent, picture))
    return differences
