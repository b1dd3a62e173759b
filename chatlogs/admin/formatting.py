"""Messages as moderators read them in the admin: hidden ones, too, and marked so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext

from chatlogs.models import Message
from chatlogs.queries.context import find_context

# Characters of a text in a list, and of one among others.
BEGINNING = 60
LONGEST_TEXT = 200

# Messages that are quoted of many.
MOST_QUOTED = 10


class Said(Protocol):
    """A message, or what readers see of it."""

    @property
    def text(self) -> str: ...

    @property
    def kind(self) -> str: ...


def shorten(message: Said, longest: int = LONGEST_TEXT) -> str:
    return Truncator(message.text).chars(longest) if message.text else str(Message.Kind(message.kind).label)


def list_flags(message: Message) -> str:
    """What else there is to know of it; of a message read with what is sealed."""
    flags = [
        (message.is_withdrawn, gettext("withdrawn")),
        (message.duplicate_of_id is not None, gettext("duplicate")),
        (message.is_author_hidden, gettext("author hidden")),
        (hasattr(message, "original"), gettext("original sealed")),
    ]
    return ", ".join(flag for is_so, flag in flags if is_so) or "-"


def load_preview(messages: Iterable[Message]) -> list[Message]:
    """The first of them, with what `tell` needs."""
    first = sorted(messages, key=lambda message: message.position)[:MOST_QUOTED]
    found = Message.objects.filter(pk__in=[message.pk for message in first])
    return list(found.select_related("day__room", "alias").order_by("position"))


def describe_message(message: Message) -> str:
    """In a line: of a message read with its day and name."""
    state = "" if message.state == Message.State.SHOWN else f" [{message.get_state_display()}]"
    at = f"{date_format(message.day.date, 'Y-m-d')} {time_format(message.time, 'H:i:s')}"
    return f"{at} {message.alias or '-'}{state}: {shorten(message)}"


def show_in_place(message: Message) -> str:
    """Among those around it, each linked to its page."""
    (around,) = find_context([message]) or [[]]
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_line(one, message),) for one in around)))


def link(message: Message) -> str:
    return format_html('<a href="{}">{}</a>', _address(message), message.key)


def link_all(messages: Iterable[Message]) -> str:
    return format_html_join(", ", "{}", ((link(message),) for message in messages))


def _line(message: Message, meant: Message) -> str:
    if message == meant:
        return format_html("<strong>{}</strong>", describe_message(message))
    return format_html('<a href="{}">{}</a>', _address(message), describe_message(message))


def _address(message: Message) -> str:
    return reverse("admin:chatlogs_message_change", args=[message.pk])
