from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chatlogs.queries.rooms import find_dates_for_robots
from chatlogs.sitemaps import RoomSitemap


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
