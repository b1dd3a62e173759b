"""Forms of moderation actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.base import moderator_of
from chatlogs.admin.formatting import describe_message
from chatlogs.audit import ActionRefused, Justification
from chatlogs.models import Message, ModerationAction, RemovalRequest
from chatlogs.moderation import Part
from chatlogs.moderation.actions.redaction import Span
from chatlogs.text.message_keys import find_message_keys

RANGE = re.compile(r"(\d{1,6})\s*[-–—~]\s*(\d{1,6})", re.ASCII)


class PassagesForm(forms.Form):
    words = forms.CharField(
        label=_("Words to redact"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One passage per line. Every occurrence in the text is redacted."),
    )
    ranges = forms.CharField(
        label=_("Characters to redact"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Ranges of character positions, counted from 1, for example 3-5, 12-14."),
    )


class RangeForm(forms.Form):
    last = forms.CharField(label=_("Key or address of the last message"), widget=AdminTextInputWidget)


def read_key(typed: str) -> str:
    """Return the key of a message from a typed key or address."""
    return next(iter(find_message_keys(typed)), typed.strip())


def read_words(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def read_ranges(typed: str) -> list[Span]:
    """Return spans, counted from 0 and without the last character, from ranges such as "3-5, 12-14"."""
    ranges = [piece.strip() for piece in re.split(r"[,;，；、]", typed) if piece.strip()]
    matches = [RANGE.fullmatch(piece) for piece in ranges]
    if not all(matches):
        raise ActionRefused(gettext("Enter character ranges in the form 3-5, 12-14."))
    return [(int(match[1]) - 1, int(match[2])) for match in matches if match]


# Open requests to choose from: those due first.
MOST_REQUESTS = 100

NOT_CHOSEN = ("", "---------")


PARTS = [
    (Part.BOTH, _("text and author")),
    (Part.TEXT, _("text only; moderators still see the author")),
    (Part.AUTHOR, _("author only")),
]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Kept in the log permanently: do not quote messages or mention names."),
    )


class JustificationForm(ReasonForm):
    """Category and reason of an action, and the open request that it is for, where the user may view requests."""

    category = forms.ChoiceField(
        label=ModerationAction._meta.get_field("category").verbose_name,
        choices=[NOT_CHOSEN, *ModerationAction.Category.choices],
    )
    removal_request = forms.TypedChoiceField(
        label=ModerationAction._meta.get_field("removal_request").verbose_name,
        required=False,
        coerce=lambda pk: RemovalRequest.objects.get(pk=pk),
        empty_value=None,
    )
    field_order: tuple[str, ...] = ("category", "reason", "removal_request")

    def __init__(self, data: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = []
        if request.user.has_perm("chatlogs.view_removalrequest"):
            open_requests = RemovalRequest.objects.filter(state=RemovalRequest.State.OPEN).order_by("due_at", "pk")
            for one in open_requests[:MOST_REQUESTS]:
                due = date_format(timezone.localtime(one.due_at), "Y-m-d")
                choices.append((one.pk, f"{one} · {one.get_wish_display()} · {due}"))
        set_choices(self, "removal_request", [NOT_CHOSEN, *choices] if choices else [])


class QuotedForm(JustificationForm):
    quoting = forms.TypedMultipleChoiceField(
        label=_("Replies that quote it"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, request: HttpRequest, *, replies: Sequence[Message] = (), **kwargs: Any) -> None:
        super().__init__(data, request, **kwargs)
        set_choices(self, "quoting", [(reply.pk, describe_message(reply)) for reply in replies])
        self.initial["quoting"] = [reply.pk for reply in replies]


class HideForm(QuotedForm):
    part = forms.ChoiceField(label=_("What to hide"), choices=PARTS, initial=Part.BOTH, widget=forms.RadioSelect)
    field_order = ("part", *QuotedForm.field_order)


class RangeHideForm(HideForm):
    last = forms.CharField(widget=forms.HiddenInput)


class RedactForm(QuotedForm):
    words = forms.CharField(required=False, widget=forms.HiddenInput)
    ranges = forms.CharField(required=False, widget=forms.HiddenInput)


class ErasureForm(QuotedForm):
    understood = forms.BooleanField(label=_("I understand that this cannot be undone."))


def set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """Set the choices of a form's field, or remove the field if there are none."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    if choices:
        field.choices = choices
    else:
        del form.fields[name]


def justification_form(
    request: HttpRequest, form: type[JustificationForm] = JustificationForm, **kwargs: Any
) -> Callable[[Any], forms.Form]:
    """Return a Question's `make_form`."""
    return lambda data: form(data, request, **kwargs)


def read_justification(request: HttpRequest, wanted: Mapping[str, Any]) -> Justification:
    """Return what a valid JustificationForm says."""
    return {
        "by": moderator_of(request),
        "category": wanted["category"],
        "reason": wanted["reason"],
        "removal_request": wanted.get("removal_request"),
    }
