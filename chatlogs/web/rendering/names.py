"""Whose words stand below: a name, what it tells, and a letter on a colour of its own."""

from __future__ import annotations

from html import escape
from typing import Any, Protocol
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

COLOURS = 12


class Person(Protocol):
    key: str

    def get_absolute_url(self) -> str: ...


class SpokenName(Protocol):
    pk: Any
    name: str
    person: str
    company: str
    role: str
    city: str

    @property
    def member(self) -> Person: ...

    @property
    def listed_member(self) -> Person | None: ...

    @property
    def tells_parts(self) -> bool: ...


def colour_of(key: str) -> int:
    """A number from 0 to 11, the same for a key for ever."""
    return crc32(key.encode()) % COLOURS


def initial_of(name: str) -> str:
    """The first letter or digit of a name, "?" where it has none."""
    return next((character.upper() for character in name if character.isalnum()), "?")


def name_of_author(name: object | None, *, is_hidden: bool) -> str:
    """Whom a message is by, for those who may read it: `name` is its alias."""
    if name:
        return str(name)
    return gettext("author hidden") if is_hidden else pgettext("sender", "unknown")


def render_avatar(name: SpokenName | None) -> SafeString:
    if name is None:
        return format_html('<span class="avatar" aria-hidden="true">{}</span>', "?")
    colour, initial = colour_of(name.member.key), escape(initial_of(name.name))
    return SafeString(f'<span class="avatar c{colour}" aria-hidden="true">{initial}</span>')


def render_speaker(name: SpokenName | None, *, is_hidden: bool, parts_id: str = "") -> SafeString:
    """With what the name tells, under an id that is the page's only one, where it is given one."""
    if name is None:
        return format_html('<span class="name">{}</span>', name_of_author(None, is_hidden=is_hidden))
    member = name.listed_member
    if member is None:
        return format_html('<span class="name">{}</span>', name)
    address = member.get_absolute_url()
    if not parts_id or not name.tells_parts:
        return SafeString(f'<a class="name" href="{escape(address)}">{escape(str(name))}</a>')
    return format_html(
        '<span class="who"><a class="name" href="{}" aria-describedby="{}">{}</a>'
        '<span class="name-parts" role="tooltip" id="{}">{}</span></span>',
        address, parts_id, name, parts_id, _render_parts(name),
    )  # fmt: skip


def _render_parts(name: SpokenName) -> SafeString:
    parts = [(gettext("Company"), name.company), (gettext("Role"), name.role), (gettext("City"), name.city)]
    person = format_html("<b>{}</b>", name.person) if name.person else SafeString()
    return person + format_html_join("", "<span>{}: {}</span>", [part for part in parts if part[1]])
