"""The feed of a tag, one entry per highlight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from chatlogs.models import Highlight, Tag
from chatlogs.queries.highlights import find_highlights
from chatlogs.web.feeds.atom import MOST_ENTRIES, ArchiveFeed, title_of


class TagFeed(ArchiveFeed):
    """Entries have the curators' text only: what may be quoted can change, and is read on the page."""

    description_template = "chatlogs/feed_highlight.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"highlight": kwargs["item"]}

    def title(self, tag: Tag) -> str:
        return title_of(str(tag), gettext("Highlights"))

    def link(self, tag: Tag) -> str:
        return tag.get_absolute_url()

    def feed_url(self, tag: Tag) -> str:
        return reverse("tag-feed", args=[tag.slug])

    def items(self, tag: Tag) -> QuerySet[Highlight]:
        return find_highlights(tag)[:MOST_ENTRIES]

    def item_title(self, highlight: Highlight) -> str:
        return str(highlight)

    def item_link(self, highlight: Highlight) -> str:
        return highlight.get_absolute_url()

    def item_pubdate(self, highlight: Highlight) -> dt.datetime | None:
        return highlight.published_at

    def item_updateddate(self, highlight: Highlight) -> dt.datetime:
        return highlight.changed_at
