"""What a moderator types on a message's page: which words to cover, and where a range ends."""

from __future__ import annotations

import re

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs.acting import Refused
from chatlogs.cases.addresses import find_message_keys
from chatlogs.models import Message
from chatlogs.moderation.deeds import Span

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
        raise Refused(gettext("There is no such message in the room."))
    return last


def read_words(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def read_ranges(typed: str) -> list[Span]:
    """As places in a text, which are counted from 0 and end behind the last character."""
    ranges = [piece.strip() for piece in re.split(r"[,;，；、]", typed) if piece.strip()]
    matches = [RANGE.fullmatch(piece) for piece in ranges]
    if not all(matches):
        raise Refused(gettext("Please write the characters as 3-5, 12-14."))
    return [(int(match[1]) - 1, int(match[2])) for match in matches if match]
