"""Which pages search engines may read, for those that ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from django.contrib.sitemaps import Sitemap
from django.urls import reverse


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
