"""Links of mentions."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext

from chatlogs.models import Mention
from chatlogs.queries.timelines import TimelineMention
from chatlogs.web.rendering.markup import MentionLink


def link_of(mention: Mention | TimelineMention, text: str) -> MentionLink:
    """Return the link of a mention in a message's text."""
    literal, member = text[mention.start : mention.stop], mention.member
    if mention.name.is_of_everybody:
        return MentionLink(literal, title=gettext("everybody"))
    if member is None:
        return MentionLink(literal)
    name, is_sure = str(member), mention.name.is_sure
    if is_sure:
        title = name if name not in literal else ""
    else:
        how = {"name": name, "method": mention.name.get_method_display()}
        title = gettext("Probably %(name)s (known by: %(method)s)") % how
    return MentionLink(literal, href=member.get_absolute_url(), title=title, is_sure=is_sure)


def label_answered(address: str, time: dt.time) -> tuple[str, str]:
    """Return the address of the message that is replied to, and the link's label."""
    return address, gettext("Reply to the message of %(time)s") % {"time": f"{time:%H:%M}"}
