"""The moderation queue: one list of everything pending, filtered by what the user may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chatlogs.admin.filters import AGES
from chatlogs.admin.formatting import describe_message
from chatlogs.admin.tombstones import describe_tombstone
from chatlogs.models import PersonalDataMatch, RemovalRequest
from chatlogs.queries.moderation_queue import Entry, Kind, QueueCriteria, State, read_page

# Permissions to see a kind; all of them are needed.
PERMISSIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.REQUEST: ("view_removalrequest",),
    Kind.PERSONAL_DATA: ("view_personaldatamatch", "view_message"),
    Kind.HELD: ("view_message", "hide_message"),
    Kind.TOMBSTONE: ("hide_message",),
    Kind.PROBLEM: ("view_importproblem",),
    Kind.SUGGESTION: ("view_suggestion",),
    Kind.ERASURE: ("view_erasure", "view_moderationaction"),
}

HIGHEST_PAGE = 1_000


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), required=False)
    state = forms.ChoiceField(label=_("state"), required=False, choices=State.choices)
    age = forms.ChoiceField(
        label=_("age"), required=False, choices=[("", _("any age")), *((days, AGES[days]) for days in ("1", "7", "30"))]
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_PAGE, widget=forms.HiddenInput)

    def __init__(self, data: Any, kinds: list[Kind]) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all kinds")), *((kind.value, kind.label) for kind in kinds)]


@require_safe
def show_queue(request: HttpRequest) -> HttpResponse:
    kinds = find_kinds(request)
    if not kinds:
        raise PermissionDenied
    form = FilterForm(request.GET, kinds)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    number = asked.get("page") or 1
    wanted = QueueCriteria(
        kinds=[Kind(asked["kind"])] if asked.get("kind") else kinds,
        state=State(asked.get("state") or State.OPEN),
        older_than=dt.timedelta(days=int(asked["age"])) if asked.get("age") else None,
    )
    page = read_page(wanted, number)

    def address(page: int) -> str:
        query = {name: value for name, value in {**asked, "page": page}.items() if value}
        return reverse("moderation-queue", query=query)

    context = {
        **admin.site.each_context(request),
        "title": _("Moderation queue"),
        "form": form,
        "lines": [(entry.kind.label, entry.at, *describe(entry)) for entry in page.entries],
        "newer": address(number - 1) if number > 1 else "",
        "older": address(number + 1) if page.has_more and number < HIGHEST_PAGE else "",
    }
    return TemplateResponse(request, "admin/chatlogs/queue.html", context)


def find_kinds(request: HttpRequest) -> list[Kind]:
    """Return the kinds that the user may see."""
    return [
        kind
        for kind, permissions in PERMISSIONS.items()
        if request.user.has_perms(f"chatlogs.{permission}" for permission in permissions)
    ]


def describe(entry: Entry) -> tuple[str, str]:
    """Return the address of the page where an entry is decided, and a line about it."""
    model, words = DESCRIPTIONS[entry.kind]
    return reverse(f"admin:chatlogs_{model}_change", args=[entry.row.pk]), words(entry.row)


def _describe_request(removal_request: RemovalRequest) -> str:
    late = f" · {gettext('overdue')}" if removal_request.is_overdue else ""
    return f"{removal_request} · {removal_request.get_wish_display()}{late}"


def _describe_match(match: PersonalDataMatch) -> str:
    return f"{match.get_kind_display()} · {match.message.day} · {match.message.key}"


# The model on whose page a kind is decided, and the description. An erasure and its action have the same number.
DESCRIPTIONS: Mapping[Kind, tuple[str, Callable[[Any], str]]] = {
    Kind.REQUEST: ("removalrequest", _describe_request),
    Kind.PERSONAL_DATA: ("personaldatamatch", _describe_match),
    Kind.HELD: ("message", describe_message),
    Kind.TOMBSTONE: ("tombstone", describe_tombstone),
    Kind.PROBLEM: ("importproblem", str),
    Kind.SUGGESTION: ("suggestion", lambda suggestion: f"{suggestion} · {suggestion.score}"),
    Kind.ERASURE: ("moderationaction", lambda erasure: str(erasure.action)),
}
