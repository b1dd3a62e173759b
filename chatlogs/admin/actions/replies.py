"""Forms that offer to act on replies, too, that quote the chosen messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import MOST_AT_ONCE
from chatlogs.admin.actions.forms import JustificationForm, set_choices
from chatlogs.admin.formatting import describe_message
from chatlogs.models import Message
from chatlogs.moderation import Part

PARTS = [
    (Part.BOTH, _("text and author")),
    (Part.TEXT, _("text only; moderators still see the author")),
    (Part.AUTHOR, _("author only")),
]


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


class CoverForm(QuotedForm):
    words = forms.CharField(required=False, widget=forms.HiddenInput)
    ranges = forms.CharField(required=False, widget=forms.HiddenInput)


def find_replies(messages: Collection[Message]) -> list[Message]:
    """Return replies that quote these messages; none for more messages than can be searched in a few seconds."""
    if len(messages) > MOST_AT_ONCE:
        return []
    chosen = {message.pk for message in messages}
    found = [reply.pk for reply in moderation.find_quoting(messages) if reply.pk not in chosen]
    return list(Message.objects.filter(pk__in=found).select_related("day__room", "alias").order_by("position"))


def choose_replies(replies: Sequence[Message], wanted: Mapping[str, Any]) -> list[Message]:
    """Return the replies chosen in a valid QuotedForm; none if only authors are hidden: a quotation names nobody."""
    if wanted.get("part") == Part.AUTHOR:
        return []
    chosen = wanted.get("quoting", [])
    return [reply for reply in replies if reply.pk in chosen]
