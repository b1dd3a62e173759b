"""Renders names, and avatars: a letter on a colour."""

from __future__ import annotations

from html import escape
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from chatlogs.models import Alias

COLOURS = 12


def colour_of(key: str) -> int:
    """Return a number from 0 to 11, always the same for a key."""
    return crc32(key.encode()) % COLOURS


def initial_of(name: str) -> str:
    """Return the first letter or digit of a name, "?" if it has none."""
    return next((character.upper() for character in name if character.isalnum()), "?")


def name_of_author(name: object | None, *, is_hidden: bool) -> str:
    """Return a message's author as shown to readers; `name` is its alias."""
    if name:
        return str(name)
    return gettext("author hidden") if is_hidden else pgettext("sender", "unknown")


def render_avatar(name: Alias | None) -> SafeString:
    if name is None:
        return format_html('<span class="avatar" aria-hidden="true">{}</span>', "?")
    colour, initial = colour_of(name.member.key), escape(initial_of(name.name))
    return SafeString(f'<span class="avatar c{colour}" aria-hidden="true">{initial}</span>')


def render_speaker(name: Alias | None, *, is_hidden: bool, parts_id: str = "") -> SafeString:
    """Render a name; with `parts_id`, unique on the page, also its company, role and city."""
    if name is None:
        return format_html('<span class="name">{}</span>', name_of_author(None, is_hidden=is_hidden))
    member = name.listed_member
    if member is None:
        return format_html('<span class="name">{}</span>', name)
    address = member.get_absolute_url()
    if not parts_id or not name.tells_parts:
        return SafeString(f'<a class="name" href="{escape(address)}">{escape(str(name))}</a>')
    parts = [(gettext("Company"), name.company), (gettext("Role"), name.role), (gettext("City"), name.city)]
    person = format_html("<b>{}</b>", name.person) if name.person else SafeString()
    return format_html(
        '<span class="who"><a class="name" href="{}" aria-describedby="{}">{}</a>'
        '<span class="name-parts" role="tooltip" id="{}">{}</span></span>',
        address, parts_id, name, parts_id,
        person + format_html_join("", "<span>{}: {}</span>", [part for part in parts if part[1]]),
    )  # fmt: skip
