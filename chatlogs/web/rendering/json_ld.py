"""A day as structured data for search engines (schema.org): a posting with comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from chatlogs.models import Day
from chatlogs.queries.timelines import TimelineMessage
from chatlogs.web.rendering import name_of_author


def describe_discussion(
    day: Day, messages: Iterable[TimelineMessage], page: str, absolute: Callable[[str], str]
) -> dict[str, Any] | None:
    """Describe the messages shown at the path `page`, in order; None if no message has text.

    `absolute` turns a path into a URL.
    """
    postings = [_describe(message, day, absolute) for message in messages if message.text.strip()]
    if not postings:
        return None
    first, *others = postings
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "headline": f"{day.date:%Y-%m-%d} · {day.room}",
        "mainEntityOfPage": absolute(page),
        "isPartOf": {
            "@type": "WebPage",
            "name": str(day.room),
            "url": absolute(day.room.get_absolute_url()),
        },
        **first,
        "comment": [{"@type": "Comment", **other} for other in others],
    }


def _describe(message: TimelineMessage, day: Day, absolute: Callable[[str], str]) -> dict[str, Any]:
    sent_at = dt.datetime.fromtimestamp(message.second, day.room.zone)
    name = name_of_author(message.alias, is_hidden=message.is_author_hidden)
    return {
        "author": {"@type": "Person", "name": name},
        "datePublished": sent_at.isoformat(),
        "text": message.text,
        "url": absolute(reverse("message", args=[message.key])),
    }
