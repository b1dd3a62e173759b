from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import ngettext_lazy

from chatlogs.models import Day, Message
from chatlogs.queries.timelines import TimelineMessage
from chatlogs.search.highlighting import Marker
from chatlogs.text.urls import web_address
from chatlogs.web.filters import AddressedFilter, MessageFilter
from chatlogs.web.rendering import (
    Body,
    Picture,
    colour_of,
    initial_of,
    link_of,
    render_body,
    render_linked_data,
    render_markdown,
    render_on_one_line,
    render_picture,
    render_words,
)
from chatlogs.web.rendering.json_ld import describe_discussion

register = template.Library()

# Numbers with their nouns, for `{{ number|counted:"messages" }}`.
NOUNS = {
    "messages": ngettext_lazy("%(counter)s message", "%(counter)s messages", "counter"),
    "members": ngettext_lazy("%(counter)s member", "%(counter)s members", "counter"),
    "days": ngettext_lazy("%(counter)s day", "%(counter)s days", "counter"),
    "highlights": ngettext_lazy("%(counter)s highlight", "%(counter)s highlights", "counter"),
    "addresses": ngettext_lazy("%(number)s address", "%(number)s addresses", "counter"),
    "shares": ngettext_lazy("shared %(number)s time", "shared %(number)s times", "counter"),
}


@register.filter
def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form, `3 messages`."""
    text: str = NOUNS[noun] % {"counter": number, "number": intcomma(number)}
    return text


@register.simple_block_tag
def oneline(content: SafeString) -> SafeString:
    """Render a block on one line, fit for attributes; `{% oneline as name %}` stores it."""
    return render_on_one_line(content)


@register.simple_tag(takes_context=True)
def message_body(context: Context, message: Message) -> SafeString:
    """Render a message, with search hits marked if the context has a `marker`."""
    marker: Marker | None = context.get("marker")
    mentions = [link_of(mention, message.text) for mention in message.mentions.all()]
    return render_body(_body_of(message), marker.find_spans if marker else None, mentions)


def _body_of(message: Message) -> Body:
    """A redacted message may have no picture or link."""
    link, image = getattr(message, "link", None), getattr(message, "image", None)
    if link:
        return Body(message.kind, message.text, link.url, link.host)
    return Body(message.kind, message.text, image.url if image else "", picture=_picture_of(message))


def _picture_of(message: Message) -> Picture | None:
    image = getattr(message, "image", None)
    return Picture(message.key, message.time, *image.small_size) if image and image.is_here else None


@register.filter
def picture(message: Message) -> SafeString:
    """Render the thumbnail of a message's picture, if it is available."""
    found = _picture_of(message)
    return render_picture(found) if found else SafeString()


@register.filter
def words(text: str) -> SafeString:
    """Render a possibly truncated text, with emoji but without links."""
    return render_words(text)


@register.simple_tag(takes_context=True)
def linked_data(context: Context, day: Day, messages: Sequence[TimelineMessage]) -> SafeString:
    """Render a day's structured data, "" if no message has text."""
    request: HttpRequest = context["request"]
    discussion = describe_discussion(day, messages, request.path, request.build_absolute_uri)
    return render_linked_data(discussion) if discussion else SafeString()


@register.filter
def markdown(text: str) -> SafeString:
    return render_markdown(text)


register.filter("colour", colour_of)
register.filter("initial", initial_of)
register.filter("web_address", web_address)


@register.simple_tag
def query_with(parameters: QueryDict, **changes: object) -> str:
    """Return a query string with some parameters changed; None drops one."""
    changed = parameters.copy()
    for name, value in changes.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


@register.simple_tag
def narrowed(filters: AddressedFilter, **values: str) -> str:
    """Return the query string of the same list with other values of fields; "" drops a field."""
    return f"?{filters.with_values(**values).urlencode()}"


@register.simple_tag
def narrowed_by(filters: AddressedFilter, name: str, value: str) -> str:
    """Like `narrowed`, with the field's name in a variable."""
    return f"?{filters.with_values(**{name: value}).urlencode()}"


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
    """Look up a key that is in a variable."""
    return values.get(key)
