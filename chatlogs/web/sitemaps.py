"""Sitemaps of the rooms that are open to search engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.queries.rooms import find_dates_for_robots


class RoomSitemap(Sitemap):  # type: ignore[type-arg]
    """The pages of a room, its years, months and days.

    Without `lastmod`: removals are not dated, and a page that seems unchanged would not be fetched again.
    """

    def __init__(self, slug: str, dates: Sequence[dt.date]) -> None:
        """Take the dates with messages in ascending order."""
        self.slug = slug
        self.dates = dates

    def items(self) -> list[tuple[str, *tuple[object, ...]]]:
        """Return URL names, each with its arguments after the room."""
        return [
            ("room",),
            *(("year", year) for year in dict.fromkeys(date.year for date in self.dates)),
            *(("month", month) for month in dict.fromkeys(date.replace(day=1) for date in self.dates)),
            *(("day", date) for date in self.dates),
        ]

    def location(self, item: tuple[str, *tuple[object, ...]]) -> str:
        name, *arguments = item
        return reverse(name, args=[self.slug, *arguments])


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return views.index(request, _make_sitemaps(), sitemap_url_name="room-sitemap")


@require_safe
def room_sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """Answer a room's sitemap; Django's index calls the room's slug `section`."""
    return views.sitemap(request, _make_sitemaps(), section)


def _make_sitemaps() -> dict[str, type[Sitemap[Any]] | Sitemap[Any]]:
    return {slug: RoomSitemap(slug, dates) for slug, dates in find_dates_for_robots().items()}
