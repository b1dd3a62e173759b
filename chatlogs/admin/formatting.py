"""Messages as moderators see them: hidden ones, too, with their state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from chatlogs.models import Message
from chatlogs.queries.context import find_context

# Characters of a text in a list of messages, and elsewhere.
LIST_TEXT = 60
LONGEST_TEXT = 200

# Messages shown before an action on more of them.
MOST_PREVIEWED = 10


class HasText(Protocol):
    """A Message, or a message of a timeline."""

    @property
    def text(self) -> str: ...

    @property
    def kind(self) -> str: ...


def shorten(message: HasText, longest: int = LONGEST_TEXT) -> str:
    """Return the start of the text, or what else the message is."""
    return Truncator(message.text).chars(longest) if message.text else str(Message.Kind(message.kind).label)


def list_flags(message: Message) -> str:
    """Return what else marks a message that was selected with its original."""
    flags = [
        (message.is_withdrawn, gettext("withdrawn")),
        (message.duplicate_of_id is not None, gettext("duplicate")),
        (message.is_author_hidden, gettext("author hidden")),
        (hasattr(message, "original"), gettext("original kept")),
    ]
    return ", ".join(flag for is_set, flag in flags if is_set) or "-"


def load_preview(messages: Iterable[Message]) -> list[Message]:
    """Select the first of the messages again, with what `describe_message` needs."""
    first = sorted(messages, key=lambda message: message.position)[:MOST_PREVIEWED]
    found = Message.objects.filter(pk__in=[message.pk for message in first])
    return list(found.select_related("day__room", "alias").order_by("position"))


def describe_message(message: Message) -> str:
    """Return a line about a message that was selected with its day and alias."""
    state = "" if message.state == Message.State.SHOWN else f" [{message.get_state_display()}]"
    at = f"{date_format(message.day.date, 'Y-m-d')} {time_format(message.time, 'H:i:s')}"
    return f"{at} {message.alias or '-'}{state}: {shorten(message)}"


def show_contexts(messages: Sequence[Message]) -> list[str]:
    """Return each message among its neighbours, which link to their admin pages."""
    blocks: list[str] = []
    for message, around in zip(messages, find_context(messages), strict=True):
        lines = (
            format_html("<strong>{}</strong>", describe_message(one))
            if one == message
            else format_html('<a href="{}">{}</a>', _address(one), describe_message(one))
            for one in around
        )
        blocks.append(format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((line,) for line in lines))))
    return blocks


def link_message(message: Message) -> str:
    return format_html('<a href="{}">{}</a>', _address(message), message.key)


def count_messages(count: int) -> str:
    return ngettext("%(counter)s message", "%(counter)s messages", count) % {"counter": count}


def _address(message: Message) -> str:
    return reverse("admin:chatlogs_message_change", args=[message.pk])
