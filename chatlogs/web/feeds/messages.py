"""Feeds with one entry per message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from chatlogs.models import Member, Message
from chatlogs.queries.members import find_messages_of
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.pagination import Cursor, get_page, positions_of
from chatlogs.web.feeds.atom import MOST_ENTRIES, ArchiveFeed, title_of
from chatlogs.web.feeds.titles import line_of
from chatlogs.web.filters import MessageFilter


class MessagesFeed(ArchiveFeed):
    """Messages must come with their related rows and mentions, as from `get_page` and `read_mentions`."""

    description_template = "chatlogs/feed_message.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"message": kwargs["item"]}

    def item_title(self, message: Message) -> str:
        line = line_of(message)
        return f"{line.author}: {line.said}"

    def item_link(self, message: Message) -> str:
        return message.get_absolute_url()

    def item_pubdate(self, message: Message) -> dt.datetime:
        return message.sent_at

    item_updateddate = item_pubdate

    def item_author_name(self, message: Message) -> str:
        return line_of(message).author

    def item_categories(self, message: Message) -> list[str]:
        return [str(message.day.room)]


class MemberFeed(MessagesFeed):
    def title(self, member: Member) -> str:
        return title_of(str(member))

    def link(self, member: Member) -> str:
        return member.get_absolute_url()

    def feed_url(self, member: Member) -> str:
        return reverse("member-feed", args=[member.key])

    def items(self, member: Member) -> Sequence[Message]:
        page = get_page(positions_of(find_messages_of(member)), Cursor(), MOST_ENTRIES)
        read_mentions(page.messages)
        return page.messages


@dataclass(frozen=True, slots=True)
class SearchHits:
    """A search and its newest messages, with their mentions."""

    filters: MessageFilter
    messages: Sequence[Message]


class SearchFeed(MessagesFeed):
    def title(self, hits: SearchHits) -> str:
        chips = ", ".join(f"{chip.label}: {chip.value}" for chip in hits.filters.chips)
        return title_of(chips or gettext("All messages"), gettext("Search"))

    def link(self, hits: SearchHits) -> str:
        return reverse("messages") + hits.filters.canonical_query

    def feed_url(self, hits: SearchHits) -> str:
        return reverse("messages-feed") + hits.filters.canonical_query

    def items(self, hits: SearchHits) -> Sequence[Message]:
        return hits.messages
