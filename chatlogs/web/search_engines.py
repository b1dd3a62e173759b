"""What search engines are told: by a header and by the page itself, in the same words."""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.models import Room
from chatlogs.queries.rooms import find_rooms_for_robots

INDEX = "all"
NOINDEX = "noindex"
NOINDEX_NOFOLLOW = "noindex, nofollow"


Response = TypeVar("Response", bound=HttpResponseBase)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What is not allowed here is never fetched, and so neither is the header of its page."""
    allowed = [room.get_absolute_url() for room in find_rooms_for_robots()]
    sitemap = [reverse("sitemap")] if allowed else []
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in [*allowed, *sitemap]),
        "Disallow: /",
        *(f"Sitemap: {request.build_absolute_uri(path)}" for path in sitemap),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


def render_page_of(room: Room, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that search engines may read, if the room is open to them."""
    robots = INDEX if room.is_open_to_robots else _forbidden(room)
    return _render(request, template, context, robots, status=200)


def render_nothing_of(
    room: Room, request: HttpRequest, template: str, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """A page that says that something is not here."""
    return _render(request, template, context, _forbidden(room), status=status)


def render_by_address(request: HttpRequest, template: str, context: dict[str, Any], *, is_listed: bool) -> HttpResponse:
    """A page over rooms, which may be for those alone who know its address."""
    return _render(request, template, context, NOINDEX if is_listed else NOINDEX_NOFOLLOW, status=200)


def keep_to_itself(room: Room, response: Response) -> Response:
    """An answer that leads into the room, or is a part of it."""
    response.headers["X-Robots-Tag"] = _forbidden(room)
    return response


def _forbidden(room: Room) -> str:
    return NOINDEX_NOFOLLOW if room.is_unlisted else NOINDEX


def _render(request: HttpRequest, template: str, context: dict[str, Any], robots: str, *, status: int) -> HttpResponse:
    response = render(request, template, {**context, "robots": robots}, status=status)
    response.headers["X-Robots-Tag"] = robots
    return response
