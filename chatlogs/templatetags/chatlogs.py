from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from zlib import crc32

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from chatlogs.filters import MemberFilter, MessageFilter
from chatlogs.models import Day, Member, Mention, Message
from chatlogs.rendering import (
    MentionLink,
    render_linked_data,
    render_markdown,
    render_on_one_line,
    render_plain,
    render_text,
)
from chatlogs.search.marking import Marker
from chatlogs.structured_data import describe_discussion

register = template.Library()

COLOURS = 12


@register.simple_block_tag
def oneline(content: SafeString) -> SafeString:
    """For what is said in more than one place of a page, by `{% oneline as … %}`."""
    return render_on_one_line(content)


@register.simple_tag(takes_context=True)
def message_text(context: Context, message: Message) -> SafeString:
    """With what was looked for marked, where the page has a `marker`, and links to what is answered, where it has
    `answered`."""
    marker: Marker | None = context.get("marker")
    answered: Mapping[int, Message] = context.get("answered") or {}
    mentions = [_link_of(mention, message, answered.get(mention.pk)) for mention in message.mentions.all()]
    return render_text(message.text, marker.find_spans if marker else None, mentions)


def _link_of(mention: Mention, message: Message, answered: Message | None) -> MentionLink:
    literal, member = message.text[mention.start : mention.stop], mention.member
    if mention.name.is_of_everybody:
        return MentionLink(literal, title=gettext("everybody"))
    if member is None:
        return MentionLink(literal)
    return MentionLink(
        literal,
        href=member.get_absolute_url(),
        title=str(member) if mention.name.is_sure else _probable_title(mention, member),
        is_sure=mention.name.is_sure,
        answered=_answer_to(answered) if answered else None,
    )


def _answer_to(message: Message) -> tuple[str, str]:
    label = gettext("Answers the message of %(time)s") % {"time": f"{message.time:%H:%M}"}
    return f"#m-{message.key}", label


def _probable_title(mention: Mention, member: Member) -> str:
    how = {"name": str(member), "method": mention.name.get_method_display()}
    return gettext("Probably %(name)s (known by: %(method)s)") % how


@register.simple_tag(takes_context=True)
def title_text(context: Context, text: str) -> SafeString:
    """The same for a title: no address or emoji is marked up in it."""
    marker: Marker | None = context.get("marker")
    return render_plain(text, marker.find_spans if marker else None)


@register.simple_tag(takes_context=True)
def linked_data(context: Context, day: Day, messages: Sequence[Message]) -> SafeString:
    """For search engines; "" where nobody said anything in words."""
    request: HttpRequest = context["request"]
    discussion = describe_discussion(day, messages, request.path, request.build_absolute_uri)
    return render_linked_data(discussion) if discussion else SafeString()


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
def narrowed(filters: MessageFilter | MemberFilter, **values: str) -> str:
    """The query string of the same search with further values of fields; "" drops a field."""
    return f"?{filters.with_values(**values).urlencode()}"


@register.simple_tag
def narrowed_by(filters: MessageFilter | MemberFilter, name: str, value: str) -> str:
    """The same where the field's name is a variable of the template."""
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
    """What a mapping has under a key that a template knows by a variable."""
    return values.get(key)


@register.filter
def web_address(address: str) -> str:
    """The address if a browser may be sent there, else nothing."""
    return address if address.lower().startswith(("http://", "https://")) else ""
