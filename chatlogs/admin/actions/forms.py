"""What a moderator types on a message's page: which words to cover, and where a range ends."""

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
from chatlogs.audit import ActionRefused, Justification
from chatlogs.models import Message, ModerationAction, RemovalRequest
from chatlogs.moderation.actions.redaction import Span
from chatlogs.text.message_keys import find_message_keys

# The first and the last character.
RANGE = re.compile(r"(\d{1,6})\s*[-–—~]\s*(\d{1,6})", re.ASCII)


class PiecesForm(forms.Form):
    words = forms.CharField(
        label=_("Cover these words"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("A piece a line; wherever it stands in the text, it is covered."),
    )
    ranges = forms.CharField(
        label=_("And these characters"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("From the first to the last, counted from 1, such as 3-5, 12-14."),
    )


class RangeForm(forms.Form):
    last = forms.CharField(label=_("Key or address of the last message"), widget=AdminTextInputWidget)


def read_key(typed: str) -> str:
    """Of a message: as it was typed, or out of an address."""
    return next(iter(find_message_keys(typed)), typed.strip())


def find_last(first: Message, typed: str) -> Message:
    last = Message.objects.filter(room=first.room_id, key=read_key(typed)).first()
    if last is None:
        raise ActionRefused(gettext("There is no such message in the room."))
    return last


def read_words(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def read_ranges(typed: str) -> list[Span]:
    """As places in a text, which are counted from 0 and end behind the last character."""
    ranges = [piece.strip() for piece in re.split(r"[,;，；、]", typed) if piece.strip()]
    matches = [RANGE.fullmatch(piece) for piece in ranges]
    if not all(matches):
        raise ActionRefused(gettext("Please write the characters as 3-5, 12-14."))
    return [(int(match[1]) - 1, int(match[2])) for match in matches if match]


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


class JustificationForm(ReasonForm):
    """Of a deed that moderates."""

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
        removal_requests = _read_open_cases(request)
        offer(self, "removal_request", [NOT_CHOSEN, *removal_requests] if removal_requests else [])


def offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, str]]) -> None:
    """These choices, or, without any, no such field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    if choices:
        field.choices = choices
    else:
        del form.fields[name]


def justification_form(
    request: HttpRequest, form: type[JustificationForm] = JustificationForm, **kwargs: Any
) -> Callable[[Any], forms.Form]:
    """For a Question's `make_form`."""
    return lambda data: form(data, request, **kwargs)


def read_justification(request: HttpRequest, wanted: Mapping[str, Any]) -> Justification:
    """Of a valid JustificationForm."""
    return {
        "by": moderator_of(request),
        "category": wanted["category"],
        "reason": wanted["reason"],
        "removal_request": wanted.get("removal_request"),
    }


def _read_open_cases(request: HttpRequest) -> list[tuple[int, str]]:
    if not request.user.has_perm("chatlogs.view_removalrequest"):
        return []
    removal_requests = RemovalRequest.objects.filter(state=RemovalRequest.State.OPEN).order_by("due_at", "pk")
    return [(removal_request.pk, _describe(removal_request)) for removal_request in removal_requests[:MOST_CASES]]


def _describe(removal_request: RemovalRequest) -> str:
    due = date_format(timezone.localtime(removal_request.due_at), "Y-m-d")
    return f"{removal_request} · {removal_request.get_wish_display()} · {due}"
