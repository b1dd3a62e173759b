"""A day as search engines read it (schema.org): a posting, and what was said after it as its comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.urls import reverse

from chatlogs.models import Alias, Day
from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.web.rendering import name_of_author


class Said(Protocol):
    """What is told of a message."""

    @property
    def key(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def alias(self) -> Alias | None: ...
    @property
    def is_author_hidden(self) -> bool: ...


def describe_discussion(
    day: Day, messages: Iterable[Said], page: str, absolute: Callable[[str], str]
) -> dict[str, Any] | None:
    """Of messages in order, that a page at this address shows; None where nobody said anything in words.

    `absolute` makes of a path of this site an address.
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


def _describe(message: Said, day: Day, absolute: Callable[[str], str]) -> dict[str, Any]:
    sent_at = dt.datetime.fromtimestamp(message.position >> SEQUENCE_BITS, day.room.zone)
    name = name_of_author(message.alias, is_hidden=message.is_author_hidden)
    return {
        "author": {"@type": "Person", "name": name},
        "datePublished": sent_at.isoformat(),
        "text": message.text,
        "url": absolute(reverse("message", args=[message.key])),
    }
