"""One queue of all that waits for moderators. Each sees the kinds that are theirs; each line leads to where it is
decided.
"""

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
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chatlogs import moderation
from chatlogs.admin.formatting import describe_message
from chatlogs.models import Erasure, ImportProblem, Message, PersonalDataMatch, RemovalRequest, Suggestion, Tombstone
from chatlogs.queries.moderation_queue import Entry, Kind, State, Wanted, read_page

# What it takes to see a kind: all of these rights.
RIGHTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CASE: ("view_removalrequest",),
    Kind.FINDING: ("view_personaldatamatch", "view_message"),
    Kind.HELD: ("view_message", "hide_message"),
    Kind.TOMBSTONE: ("hide_message",),
    Kind.PROBLEM: ("view_importproblem",),
    Kind.SUGGESTION: ("view_suggestion",),
    Kind.ERASURE: ("view_erasure", "view_moderationaction"),
}

AGES = [
    ("", _("any age")),
    ("1", _("older than a day")),
    ("7", _("older than a week")),
    ("30", _("older than 30 days")),
]

HIGHEST_PAGE = 1_000


class FilterForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), required=False)
    state = forms.ChoiceField(label=_("state"), required=False, choices=State.choices)
    age = forms.ChoiceField(label=_("age"), required=False, choices=AGES)
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
    asked = form.cleaned_data if form.is_valid() else {}
    number = asked.get("page") or 1
    page = read_page(_read_wanted(asked, kinds), number)
    context = {
        **admin.site.each_context(request),
        "title": _("What waits for moderators"),
        "form": form,
        "lines": [(entry.kind.label, entry.at, *describe(entry)) for entry in page.entries],
        "newer": _address(asked, number - 1) if number > 1 else "",
        "older": _address(asked, number + 1) if page.has_more and number < HIGHEST_PAGE else "",
    }
    return TemplateResponse(request, "admin/chatlogs/queue.html", context)


def find_kinds(request: HttpRequest) -> list[Kind]:
    """Those that are for who asks."""
    return [kind for kind, rights in RIGHTS.items() if request.user.has_perms(f"chatlogs.{right}" for right in rights)]


def describe(entry: Entry) -> tuple[str, str]:
    """Where it is decided, and what it is."""
    model, words = DESCRIPTIONS[entry.kind]
    return reverse(f"admin:chatlogs_{model}_change", args=[entry.row.pk]), words(entry.row)


def _read_wanted(asked: Mapping[str, Any], kinds: list[Kind]) -> Wanted:
    return Wanted(
        kinds=[Kind(asked["kind"])] if asked.get("kind") else kinds,
        state=State(asked.get("state") or State.OPEN),
        older_than=dt.timedelta(days=int(asked["age"])) if asked.get("age") else None,
    )


def _address(asked: Mapping[str, Any], page: int) -> str:
    kept = {name: value for name, value in {**asked, "page": page}.items() if value}
    return reverse("moderation-queue", query=kept)


def _describe_case(removal_request: RemovalRequest) -> str:
    late = f" · {gettext('overdue')}" if removal_request.is_overdue else ""
    return f"{removal_request} · {removal_request.get_wish_display()}{late}"


def _describe_finding(match: PersonalDataMatch) -> str:
    return f"{match.get_kind_display()} · {match.message.day} · {match.message.key}"


def _describe_held(message: Message) -> str:
    return describe_message(message)


def _describe_tombstone(tombstone: Tombstone) -> str:
    count = moderation.count_held(tombstone)
    text = ngettext("%(counter)s message held back", "%(counter)s messages held back", count) % {"counter": count}
    return f"{tombstone} · {text}"


def _describe_problem(problem: ImportProblem) -> str:
    return str(problem)


def _describe_suggestion(suggestion: Suggestion) -> str:
    return f"{suggestion} · {suggestion.score}"


def _describe_erasure(erasure: Erasure) -> str:
    return str(erasure.action)


# The model whose page decides on a kind, and the words. An erasure's page is its action's, by the same number.
DESCRIPTIONS: Mapping[Kind, tuple[str, Callable[[Any], str]]] = {
    Kind.CASE: ("removalrequest", _describe_case),
    Kind.FINDING: ("personaldatamatch", _describe_finding),
    Kind.HELD: ("message", _describe_held),
    Kind.TOMBSTONE: ("tombstone", _describe_tombstone),
    Kind.PROBLEM: ("importproblem", _describe_problem),
    Kind.SUGGESTION: ("suggestion", _describe_suggestion),
    Kind.ERASURE: ("moderationaction", _describe_erasure),
}
