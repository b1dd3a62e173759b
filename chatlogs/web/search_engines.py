"""What search engines may index: robots.txt, the X-Robots-Tag header and the page's robots element."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.models import Room
from chatlogs.queries.rooms import find_rooms_for_robots

INDEX = "all"
NOINDEX = "noindex"
NOINDEX_NOFOLLOW = "noindex, nofollow"

Arguments = ParamSpec("Arguments")
Response = TypeVar("Response", bound=HttpResponseBase)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Disallow everything except the rooms open to robots: the header of a disallowed page is never fetched."""
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


def noindex_nofollow(
    view: Callable[Concatenate[HttpRequest, Arguments], Response],
) -> Callable[Concatenate[HttpRequest, Arguments], Response]:
    """Forbid robots to index a view's responses or follow their links."""

    @wraps(view)
    def noindex_view(request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = NOINDEX_NOFOLLOW
        return response

    return noindex_view


def render_room_page(room: Room, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page that robots may index if the room is open to them."""
    robots = INDEX if room.is_open_to_robots else _noindex_policy(room)
    return render_with_policy(robots, request, template, context)


def render_unindexed(
    room: Room, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page about a room that robots may not index, even if the room is open to them."""
    return render_with_policy(_noindex_policy(room), request, template, context, status=status)


def render_with_policy(
    robots: str, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template with this policy in the header and the page."""
    response = render(request, template, {**context, "robots": robots}, status=status)
    response.headers["X-Robots-Tag"] = robots
    return response


def forbid_indexing(room: Room, response: Response) -> Response:
    """Set the policy of a redirect into a room, or of a file of it."""
    response.headers["X-Robots-Tag"] = _noindex_policy(room)
    return response


def _noindex_policy(room: Room) -> str:
    return NOINDEX_NOFOLLOW if room.is_unlisted else NOINDEX
