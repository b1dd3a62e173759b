from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from zlib import crc32

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString

from chatlogs.filters import MessageFilter
from chatlogs.rendering import render_markdown, render_plain, render_text
from chatlogs.search.marking import Marker

register = template.Library()

COLOURS = 12


@register.simple_tag(takes_context=True)
def message_text(context: Context, text: str) -> SafeString:
    """With what was looked for marked, where the page has a `marker`."""
    marker: Marker | None = context.get("marker")
    return render_text(text, marker.find_spans if marker else None)


@register.simple_tag(takes_context=True)
def title_text(context: Context, text: str) -> SafeString:
    """The same for a title: no address or emoji is marked up in it."""
    marker: Marker | None = context.get("marker")
    return render_plain(text, marker.find_spans if marker else None)


@register.filter
def markdown(text: str) -> SafeString:
    return render_markdown(text)


@register.filter
def colour(key: str) -> int:
    """A number from 0 to 11, the same for a key for ever."""
    return crc32(key.encode()) % COLOURS


@register.filter
def initial(name: str) -> str:
    """The first letter or digit of a name, "?" where it has none."""
    return next((character.upper() for character in name if character.isalnum()), "?")


@register.simple_tag
def query_with(parameters: QueryDict, **changes: object) -> str:
    """The query string of an address with some parameters set, or, by None, dropped."""
    changed = parameters.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def narrowed(filters: MessageFilter, **values: str) -> str:
    """The query string of the same search with further values of fields; "" drops a field."""
    return f"?{filters.with_values(**values).urlencode()}"


@register.simple_tag
def narrowed_to_year(filters: MessageFilter, year: int) -> str:
    return f"?{filters.within(dt.date(year, 1, 1), dt.date(year, 12, 31)).urlencode()}"


@register.simple_tag
def narrowed_to_month(filters: MessageFilter, month: dt.date) -> str:
    """`month` is its first day."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return f"?{filters.within(month, last).urlencode()}"


@register.filter
def get(values: Mapping[object, object], key: object) -> object:
    """What a mapping has under a key that a template knows by a variable."""
    return values.get(key)


@register.filter
def web_address(address: str) -> str:
    """The address if a browser may be sent there, else nothing."""
    return address if address.lower().startswith(("http://", "https://")) else ""
