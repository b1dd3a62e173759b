"""What every deed is asked for: why, and, where it moderates, on what ground and for which case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from chatlogs.acting import Why
from chatlogs.admin.permissions import moderator_of
from chatlogs.models import Case, ModerationAction

# Open cases that can be chosen from: those that are due first.
MOST_CASES = 100

NOT_CHOSEN = ("", "---------")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("It stays in the log for good: never what somebody wrote, nor a name."),
    )


class WhyForm(ReasonForm):
    """Of a deed that moderates."""

    ground = forms.ChoiceField(
        label=ModerationAction._meta.get_field("ground").verbose_name,
        choices=[NOT_CHOSEN, *ModerationAction.Ground.choices],
    )
    case = forms.TypedChoiceField(
        label=ModerationAction._meta.get_field("case").verbose_name,
        required=False,
        coerce=lambda pk: Case.objects.get(pk=pk),
        empty_value=None,
    )
    field_order: tuple[str, ...] = ("ground", "reason", "case")

    def __init__(self, data: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        cases = _read_open_cases(request)
        offer(self, "case", [NOT_CHOSEN, *cases] if cases else [])


def offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """These choices, or, without any, no such field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    if choices:
        field.choices = choices
    else:
        del form.fields[name]


def asking_why(request: HttpRequest, form: type[WhyForm] = WhyForm, **kwargs: Any) -> Callable[[Any], forms.Form]:
    """For a Question's `make_form`."""
    return lambda data: form(data, request, **kwargs)


def read_why(request: HttpRequest, wanted: Mapping[str, Any]) -> Why:
    """Of a valid WhyForm."""
    return {
        "by": moderator_of(request),
        "ground": wanted["ground"],
        "reason": wanted["reason"],
        "case": wanted.get("case"),
    }


def _read_open_cases(request: HttpRequest) -> list[tuple[int, str]]:
    if not request.user.has_perm("chatlogs.view_case"):
        return []
    cases = Case.objects.filter(state=Case.State.OPEN).order_by("due_at", "pk")
    return [(case.pk, _describe(case)) for case in cases[:MOST_CASES]]


def _describe(case: Case) -> str:
    due = date_format(timezone.localtime(case.due_at), "Y-m-d")
    return f"{case} · {case.get_wish_display()} · {due}"
