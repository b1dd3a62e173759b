"""Where a mention leads."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext

from chatlogs.web.rendering.markup import MentionLink


class Person(Protocol):
    def get_absolute_url(self) -> str: ...


class Name(Protocol):
    is_sure: bool

    @property
    def is_of_everybody(self) -> bool: ...

    def get_method_display(self) -> str: ...


class Mentioned(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def stop(self) -> int: ...

    @property
    def name(self) -> Name: ...

    @property
    def member(self) -> Person | None: ...


def link_of(mention: Mentioned, text: str) -> MentionLink:
    """`text` is the message's."""
    literal, member = text[mention.start : mention.stop], mention.member
    if mention.name.is_of_everybody:
        return MentionLink(literal, title=gettext("everybody"))
    if member is None:
        return MentionLink(literal)
    name = str(member)
    title = name if name not in literal else ""
    return MentionLink(
        literal,
        href=member.get_absolute_url(),
        title=title if mention.name.is_sure else _probable_title(mention.name, member),
        is_sure=mention.name.is_sure,
    )


def label_answered(address: str, time: dt.time) -> tuple[str, str]:
    """The address and time are of the message that is answered."""
    return address, gettext("Answers the message of %(time)s") % {"time": f"{time:%H:%M}"}


def _probable_title(name: Name, member: Person) -> str:
    how = {"name": str(member), "method": name.get_method_display()}
    return gettext("Probably %(name)s (known by: %(method)s)") % how
