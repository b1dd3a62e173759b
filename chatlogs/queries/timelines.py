"""Messages of days as lightweight objects, for days with thousands of messages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q

from chatlogs.models import Alias, Day, Image, Member, Mention, MentionedName, Message
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.models.messages import MessageQuerySet

COLUMNS = (
    "pk", "key", "position", "time", "alias_id", "kind", "text", "is_author_hidden",
    "link__url", "link__host", "image__url", "image__path", "image__width", "image__height", "day_id",
)  # fmt: skip

# The id of a day, and the positions of a first and a last message.
PlaceInDay = tuple[int, int, int]


class TimelineMention(NamedTuple):
    """A mention in a text: from the `@` at `start` up to `stop`, in characters."""

    start: int
    stop: int
    name: MentionedName

    @property
    def member(self) -> Member | None:
        return self.name.member


class TimelineMessage(NamedTuple):
    """The visible data of a message, at a tenth of the cost of a model instance."""

    pk: int
    key: str
    position: int
    time: dt.time
    alias_id: int | None
    kind: str
    text: str
    is_author_hidden: bool
    link_url: str | None
    link_host: str | None
    image_url: str | None
    image_path: str | None
    image_width: int | None
    image_height: int | None
    day_id: int
    alias: Alias | None
    mentions: Sequence[TimelineMention]

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """The displayed width and height, if the file is available."""
        if not self.image_path:
            return None
        image = Image(path=self.image_path, width=self.image_width or 0, height=self.image_height or 0)
        return image.small_size if image.is_here else None

    @property
    def second(self) -> int:
        """Seconds since 1970."""
        return self.position >> SEQUENCE_BITS


@dataclass(frozen=True, slots=True)
class Timeline:
    """A day's messages in order, and the positions of removed ones."""

    messages: Sequence[TimelineMessage]
    removed: Sequence[int] = ()

    def in_order(self) -> Iterator[TimelineMessage | None]:
        """Yield the messages in order, and None for each removed one."""
        removed = iter(self.removed)
        place = next(removed, None)
        for message in self.messages:
            while place is not None and place < message.position:
                yield None
                place = next(removed, None)
            yield message
        while place is not None:
            yield None
            place = next(removed, None)


def read_timeline(day: Day) -> Timeline:
    """Return the timeline of a day. Five queries."""
    removed = Message.objects.removed().on(day).in_time_order().values_list("position", flat=True)
    return Timeline(_read(Message.objects.visible().on(day)), list(removed))


def read_between(day: Day, first: int, last: int, limit: int) -> Timeline:
    """Return the messages between two positions, inclusive; at most the first `limit`."""
    between = {"position__gte": first, "position__lte": last}
    removed = Message.objects.removed().on(day).filter(**between).in_time_order().values_list("position", flat=True)
    messages = _read(Message.objects.visible().on(day).filter(**between), limit)
    end = messages[-1].position if len(messages) == limit else last
    return Timeline(messages, [place for place in removed if place <= end])


def read_passages(passages: Sequence[PlaceInDay]) -> list[Timeline]:
    """Return the timelines of several days. Five queries together."""
    if not passages:
        return []
    condition = reduce(or_, (Q(day=day, position__range=(first, last)) for day, first, last in passages))
    removed = list(Message.objects.removed().filter(condition).in_time_order().values_list("day_id", "position"))
    messages = _read(Message.objects.visible().filter(condition))
    return [
        Timeline(
            [one for one in messages if one.day_id == day and first <= one.position <= last],
            [position for day_id, position in removed if day_id == day and first <= position <= last],
        )
        for day, first, last in passages
    ]


def read_newest(limit: int) -> list[TimelineMessage]:
    """Return the newest messages of the listed rooms, in order."""
    newest = Message.objects.listed().order_by("-position").values_list("position", flat=True)[:limit]
    return _read(Message.objects.listed().filter(position__in=list(newest)))


def _read(messages: MessageQuerySet, limit: int | None = None) -> list[TimelineMessage]:
    rows = list(messages.in_time_order().values_list(*COLUMNS)[:limit])
    message_ids, day_ids = {row[0] for row in rows}, {row[14] for row in rows}
    visible_aliases = Alias.objects.visible().filter(pk__in={row[4] for row in rows if row[4]})
    aliases = {alias.pk: alias for alias in visible_aliases.select_related("member")}

    # Four times as fast as a query by message ids.
    of_days = Mention.objects.visible().filter(message__day__in=day_ids).order_by("start")
    found = of_days.values_list("message_id", "start", "stop", "name_id")
    places = [place for place in found if place[0] in message_ids]
    names = MentionedName.objects.visible().with_meaning().in_bulk({place[3] for place in places})
    mentions: defaultdict[int, list[TimelineMention]] = defaultdict(list)
    for message_id, start, stop, name_id in places:
        mentions[message_id].append(TimelineMention(start, stop, names[name_id]))
    return [TimelineMessage._make((*row, aliases.get(row[4]), mentions.get(row[0], ()))) for row in rows]
