"""Day notes and highlights, with the messages that the audience may read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from chatlogs.models import Day, DayNote, Highlight, HighlightPart, Message, Room, Tag
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.conversations import Turn, group_in_conversations
from chatlogs.queries.timelines import TimelineMessage, read_passages


@dataclass(frozen=True, slots=True)
class Passage:
    """The readable messages of a part; at least one."""

    day: Day
    comment: str
    turns: Sequence[Turn]
    messages: Sequence[TimelineMessage]


@dataclass(slots=True)
class Line:
    """A highlight in a list, with the readable messages it quotes."""

    highlight: Highlight
    message_count: int = 0
    rooms: list[Room] = field(default_factory=list)
    dates: list[dt.date] = field(default_factory=list)

    @property
    def first_date(self) -> dt.date:
        return min(self.dates)

    @property
    def last_date(self) -> dt.date:
        return max(self.dates)


def get_note(day: Day) -> DayNote | None:
    return DayNote.objects.visible().filter(day=day).first()


def find_highlights_of(day: Day) -> QuerySet[Highlight]:
    """Return the highlights that quote a readable message of the day, newest first."""
    quoting = _count_messages(HighlightPart.objects.visible().filter(first__day=day)).filter(message_count__gt=0)
    found = Highlight.objects.visible().filter(Exists(quoting.filter(highlight=OuterRef("pk"))))
    if day.room_id in get_room_access().unlisted:
        # A highlight that also quotes listed rooms does not show its quotations of an unlisted one.
        found = found.exclude(pk__in=Highlight.objects.listed().order_by().values("pk"))
    return found.order_by("-published_at", "-pk")


def find_highlights(tag: Tag | None = None) -> QuerySet[Highlight]:
    """Return the listed highlights with their tags, newest first."""
    found = Highlight.objects.listed().prefetch_related("tags").order_by("-published_at", "-pk")
    return found.filter(tags=tag) if tag else found


def get_highlight(slug: str) -> Highlight:
    return get_object_or_404(Highlight.objects.visible(), slug=slug)


def is_listed(highlight: Highlight) -> bool:
    return Highlight.objects.listed().filter(pk=highlight.pk).exists()


def find_tags() -> QuerySet[Any]:
    """Return tags with `highlight_count`, most used first."""
    tags: QuerySet[Any] = Tag.objects.listed()
    return tags.order_by("-highlight_count", "slug")


def get_tag(slug: str) -> Tag:
    return get_object_or_404(Tag.objects.listed(), slug=slug)


def find_tags_of(highlight: Highlight) -> QuerySet[Tag]:
    """Return the tags that have a page."""
    return Tag.objects.listed().filter(pk__in=highlight.tags.order_by().values("pk")).order_by("slug")


def sum_up(highlights: Iterable[Highlight]) -> list[Line]:
    """Return excerpts of highlights. Two queries."""
    lines = {highlight.pk: Line(highlight) for highlight in highlights}
    parts = _count_messages(HighlightPart.objects.listed().filter(highlight__in=lines.keys()))
    for part in parts.select_related("first__day__room").order_by("highlight", "order"):
        if part.message_count:
            line, day = lines[part.highlight_id], _day_of(part)
            line.message_count += part.message_count
            line.dates.append(day.date)
            line.rooms += [day.room] if day.room not in line.rooms else []
    return list(lines.values())


def find_passages(highlight: Highlight) -> list[Passage]:
    """Return the parts that have readable messages, in order.

    If the highlight quotes other rooms too, the parts of unlisted rooms are left out, so that a listed highlight does
    not reveal them.
    """
    readable = HighlightPart.objects.visible().filter(highlight=highlight)
    parts: list[Any] = list(readable.with_range().select_related("first__day__room").order_by("order"))
    parts = [part for part in parts if not _day_of(part).room.is_unlisted] or parts
    timelines = read_passages([(_day_of(part).pk, part.low, part.high) for part in parts])
    return [
        Passage(
            day=_day_of(part),
            comment=part.comment,
            turns=[turn for conversation in group_in_conversations(timeline) for turn in conversation.turns],
            messages=timeline.messages,
        )
        for part, timeline in zip(parts, timelines, strict=True)
        if timeline.messages
    ]


def _count_messages(parts: Any) -> QuerySet[Any]:
    """Annotate `message_count`, the number of readable messages."""
    between = Q(position__gte=OuterRef("low"), position__lte=OuterRef("high"))
    quoted = Message.objects.visible().filter(between, day=OuterRef("first__day")).order_by()
    counted = quoted.values("day").annotate(count=Count("pk")).values("count")
    counts: QuerySet[Any] = parts.with_range().annotate(message_count=Coalesce(Subquery(counted), 0))
    return counts


def _day_of(part: HighlightPart) -> Day:
    assert part.first is not None, "a visible part has its messages"
    return part.first.day
