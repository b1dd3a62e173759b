"""Highlights and notes in tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User

from chatlogs import editorial
from chatlogs.models import Day, Highlight, HighlightPart, Message


def message(text: str, room: str = "tea-room") -> Message:
    return Message.objects.get(text__contains=text, room__slug=room)


def day(date: dt.date, room: str = "tea-room") -> Day:
    return Day.objects.get(room__slug=room, date=date)


def part(first: Message, last: Message | None = None, comment: str = "") -> HighlightPart:
    return HighlightPart(first=first, last=last or first, comment=comment)


def write(
    title: str, *parts: HighlightPart, by: User | None = None, tags: tuple[str, ...] = (), **fields: str
) -> Highlight:
    """Not published."""
    highlight = Highlight(title=title, **fields)
    editorial.save_highlight(highlight, parts, tags, by=by)
    return highlight


def publish(title: str, *parts: HighlightPart, tags: tuple[str, ...] = (), **fields: Any) -> Highlight:
    highlight = write(title, *parts, tags=tags, **fields)
    editorial.publish([highlight], by=None)
    return Highlight.objects.get(pk=highlight.pk)
