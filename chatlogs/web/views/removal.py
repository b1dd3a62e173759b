"""Requests from outside: the form, and what becomes of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatlogs.models import Member, Message, RemovalRequest
from chatlogs.models.moderation import make_reference
from chatlogs.moderation import requests
from chatlogs.queries import requests as queries
from chatlogs.web.forms import RemovalForm
from chatlogs.web.throttling import RemovalThrottle, SearchThrottle, throttled

Wish = RemovalRequest.Wish


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest) -> HttpResponseBase:
    return _take(request) if request.method == "POST" else _ask(request)


@require_safe
def find_removal(request: HttpRequest) -> HttpResponse:
    """What the form for a reference is sent to; without one, cutting the tail of an address gives a page, too."""
    if not (typed := request.GET.get("reference", "").strip()):
        return redirect("removal")
    reference = queries.read_reference(typed)
    return redirect("removal-done", reference) if reference else _show(request, "removal_unknown", status=404)


@never_cache
@require_safe
@throttled(SearchThrottle)
def removal_done(request: HttpRequest, reference: str) -> HttpResponse:
    removal_request = queries.get_case(reference)
    return (
        _show(request, "removal_done", removal_request=removal_request)
        if removal_request
        else _show(request, "removal_unknown", status=404)
    )


def _ask(request: HttpRequest) -> HttpResponse:
    about = queries.find_asked_about(request.GET.get("message", ""), request.GET.get("member", ""))
    if about is None:
        return _show(request, "removal", form=RemovalForm())
    wish = Wish.REMOVE if isinstance(about, Message) else Wish.OPT_OUT
    form = RemovalForm(initial={"wish": wish, "subject": _describe(request, about)})
    return _show(request, "removal", form=form)


@throttled(RemovalThrottle)
def _take(request: HttpRequest) -> HttpResponse:
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _show(request, "removal", form=form, status=400)
    if form.is_trapped:
        return redirect("removal-done", make_reference())
    removal_request = requests.submit_request(**form.wanted, site=request.build_absolute_uri("/"))
    return redirect("removal-done", removal_request.reference)


def _describe(request: HttpRequest, about: Message | Member) -> str:
    """In a form that is understood when it comes back, and that people can read."""
    name = f"{about.day} {about.time:%H:%M}" if isinstance(about, Message) else str(about)
    return f"{name}\n{request.build_absolute_uri(about.get_absolute_url())}\n"


def _show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, f"chatlogs/{template}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
