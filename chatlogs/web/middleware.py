"""Middleware for every request: the audience, and default headers for caching and robots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from chatlogs.models.audience import Audience, set_audience
from chatlogs.web.search_engines import INDEX, NOINDEX

View = Callable[[HttpRequest], HttpResponse]


def audience_middleware(get_response: View) -> View:
    """Set who is reading until the response is sent: a download is streamed after its view has returned."""
    request_finished.connect(_reset_audience, dispatch_uid="reset the audience")

    def middleware(request: HttpRequest) -> HttpResponse:
        # Without a session cookie, neither the session nor the user is looked up.
        is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if is_signed_in:
            groups = request.user.groups.values_list("pk", flat=True)
            sees_all = request.user.has_perm("chatlogs.hide_message")
            set_audience(Audience(frozenset(groups), enters_all_private=sees_all))
        else:
            set_audience(Audience())
        response = get_response(request)
        patch_vary_headers(response, ("Cookie",))
        if is_signed_in:
            response.headers.setdefault("Cache-Control", "no-cache, private")
        return response

    return middleware


def _reset_audience(**_: Any) -> None:
    set_audience(None)


def revalidate_middleware(get_response: View) -> View:
    """Forbid caching without revalidation: the content may have been removed since."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


def robots_header_middleware(get_response: View) -> View:
    """Forbid indexing unless the view allows it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Robots-Tag", NOINDEX)
        if response.headers["X-Robots-Tag"] == INDEX:
            del response.headers["X-Robots-Tag"]
        return response

    return middleware
