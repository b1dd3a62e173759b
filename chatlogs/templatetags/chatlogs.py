from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from zlib import crc32

from django import template
from django.forms import ChoiceField, Field, Form
from django.http import QueryDict
from django.utils.safestring import SafeString

from chatlogs.rendering import render_markdown, render_text

register = template.Library()

COLOURS = 12


@register.filter
def message_text(text: str) -> SafeString:
    return render_text(text)


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
def query_without(parameters: QueryDict, *names: str) -> str:
    """The query string of an address with some parameters dropped."""
    changed = parameters.copy()
    for name in names:
        changed.pop(name, None)
    return f"?{changed.urlencode()}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A filled-in field of a form, in words."""

    name: str
    label: str
    value: str


@register.filter
def chips(form: Form) -> list[Chip]:
    """The fields of a form that hold a valid value."""
    chosen = ((name, value, form.fields[name]) for name, value in form.cleaned_data.items() if value)
    return [Chip(name, str(field.label), _in_words(field, value)) for name, value, field in chosen]


def _in_words(field: Field, value: object) -> str:
    if isinstance(field, ChoiceField) and isinstance(value, str):
        return str(dict(cast("Iterable[tuple[str, object]]", field.choices))[value])
    return str(value)


@register.filter
def web_address(address: str) -> str:
    """The address if a browser may be sent there, else nothing."""
    return address if address.lower().startswith(("http://", "https://")) else ""
