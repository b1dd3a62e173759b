"""Feeds with one entry per day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from chatlogs.models import Room
from chatlogs.queries.previews import Digest, find_digests
from chatlogs.queries.rooms import find_newest_days, find_newest_days_of
from chatlogs.web.feeds.atom import MOST_ENTRIES, ArchiveFeed, title_of
from chatlogs.web.feeds.titles import line_of


class DaysFeed(ArchiveFeed):
    description_template = "chatlogs/feed_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        digest: Digest = kwargs["item"]
        return {"digest": digest, "lines": [line_of(message) for message in digest.beginnings]}

    def item_title(self, digest: Digest) -> str:
        return f"{digest.day.date:%Y-%m-%d} · {digest.day.room}"

    def item_link(self, digest: Digest) -> str:
        return digest.day.get_absolute_url()

    def item_pubdate(self, digest: Digest) -> dt.datetime:
        return digest.began_at

    def item_updateddate(self, digest: Digest) -> dt.datetime:
        return digest.ended_at


class SiteFeed(DaysFeed):
    def title(self) -> str:
        return title_of(gettext("Newest days"))

    def link(self) -> str:
        return reverse("home")

    def feed_url(self) -> str:
        return reverse("feed")

    def items(self) -> list[Digest]:
        return find_digests(find_newest_days(MOST_ENTRIES))


class RoomFeed(DaysFeed):
    def title(self, room: Room) -> str:
        return title_of(str(room))

    def link(self, room: Room) -> str:
        return room.get_absolute_url()

    def feed_url(self, room: Room) -> str:
        return reverse("room-feed", args=[room.slug])

    def items(self, room: Room) -> list[Digest]:
        return find_digests(find_newest_days_of(room, MOST_ENTRIES))
