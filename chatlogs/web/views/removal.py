"""Requests for removal: the form, and the page that shows the state of a request."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatlogs.models import Message, RemovalRequest
from chatlogs.models.moderation import make_reference
from chatlogs.moderation import requests
from chatlogs.queries import requests as queries
from chatlogs.web.forms import RemovalForm
from chatlogs.web.search_engines import noindex_nofollow
from chatlogs.web.throttling import RemovalThrottle, SearchThrottle, throttled


@require_http_methods(["GET", "HEAD", "POST"])
@noindex_nofollow
def removal(request: HttpRequest) -> HttpResponseBase:
    return _submit(request) if request.method == "POST" else _show_form(request)


def _show_form(request: HttpRequest) -> HttpResponse:
    """Show the form, filled in if the address names a message or a member."""
    target = queries.find_asked_about(request.GET.get("message", ""), request.GET.get("member", ""))
    if target is None:
        return render(request, "chatlogs/removal.html", {"form": RemovalForm()})
    if isinstance(target, Message):
        wish, name = RemovalRequest.Wish.REMOVE, f"{target.day} {target.time:%H:%M}"
    else:
        wish, name = RemovalRequest.Wish.OPT_OUT, str(target)
    subject = f"{name}\n{request.build_absolute_uri(target.get_absolute_url())}\n"
    form = RemovalForm(initial={"wish": wish, "subject": subject})
    return render(request, "chatlogs/removal.html", {"form": form})


@throttled(RemovalThrottle)
def _submit(request: HttpRequest) -> HttpResponse:
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return render(request, "chatlogs/removal.html", {"form": form}, status=400)
    if form.is_spam:
        return redirect("removal-done", make_reference())
    removal_request = requests.submit_request(**form.request_fields, site=request.build_absolute_uri("/"))
    return redirect("removal-done", removal_request.reference)


@require_safe
@noindex_nofollow
def find_removal(request: HttpRequest) -> HttpResponse:
    """Redirect from the form that asks for a reference to the page of that request."""
    typed = request.GET.get("reference", "").strip()
    if not typed:
        return redirect("removal")
    reference = queries.read_reference(typed)
    if not reference:
        return render(request, "chatlogs/removal_unknown.html", status=404)
    return redirect("removal-done", reference)


@never_cache
@require_safe
@throttled(SearchThrottle)
@noindex_nofollow
def removal_done(request: HttpRequest, reference: str) -> HttpResponse:
    removal_request = queries.get_request(reference)
    if removal_request is None:
        return render(request, "chatlogs/removal_unknown.html", status=404)
    return render(request, "chatlogs/removal_done.html", {"removal_request": removal_request})
