"""Which pages search engines may read, for those that ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.queries.rooms import find_dates_for_robots


class RoomSitemap(Sitemap):  # type: ignore[type-arg]
    """A room, its years, months and days, given the dates with messages in order.

    Without times: none is stored for when something was removed, and a page that seems unchanged is not fetched anew.
    """

    def __init__(self, slug: str, dates: Sequence[dt.date]) -> None:
        self.slug = slug
        self.dates = dates

    def items(self) -> list[tuple[str, *tuple[object, ...]]]:
        """The pages' names, and what stands behind the room in their addresses."""
        return [
            ("room",),
            *(("year", year) for year in _each(date.year for date in self.dates)),
            *(("month", month) for month in _each(date.replace(day=1) for date in self.dates)),
            *(("day", date) for date in self.dates),
        ]

    def location(self, item: tuple[str, *tuple[object, ...]]) -> str:
        name, *places = item
        return reverse(name, args=[self.slug, *places])


def _each(places: Iterable[object]) -> Iterator[object]:
    """Each once, of what is in order."""
    return (place for place, _ in groupby(places))


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Names a sitemap for each room that search engines may read."""
    return views.index(request, _find_sitemaps(), sitemap_url_name="room-sitemap")


@require_safe
def room_sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """`section`, as Django's sitemaps call it, is the room's slug."""
    return views.sitemap(request, _find_sitemaps(), section)


def _find_sitemaps() -> dict[str, type[Sitemap[Any]] | Sitemap[Any]]:
    return {slug: RoomSitemap(slug, dates) for slug, dates in find_dates_for_robots().items()}
