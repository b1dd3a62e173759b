"""What holds for every request: who is reading, and headers that every answer carries."""

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
    """Until the answer is read to its end, which of a download is after this has returned it."""
    request_finished.connect(_forget_the_reader, dispatch_uid="forget the reader")

    def middleware(request: HttpRequest) -> HttpResponse:
        is_signed_in = _is_signed_in(request)
        set_audience(_audience_of(request.user) if is_signed_in else Audience())
        response = get_response(request)
        patch_vary_headers(response, ("Cookie",))
        if is_signed_in:
            response.headers.setdefault("Cache-Control", "no-cache, private")
        return response

    return middleware


def revalidate_middleware(get_response: View) -> View:
    """Nobody may show an answer again without asking: what is in it may have been removed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


def robots_header_middleware(get_response: View) -> View:
    """Nobody's words are indexed elsewhere unless a view says that they may be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("X-Robots-Tag", NOINDEX)
        if response.headers["X-Robots-Tag"] == INDEX:
            del response.headers["X-Robots-Tag"]
        return response

    return middleware


def _is_signed_in(request: HttpRequest) -> bool:
    """Whoever never was costs no query, nor a look at the session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _audience_of(user: Any) -> Audience:
    groups = user.groups.values_list("pk", flat=True)
    return Audience(frozenset(groups), enters_all_private=user.has_perm("chatlogs.hide_message"))


def _forget_the_reader(**_: Any) -> None:
    set_audience(None)
