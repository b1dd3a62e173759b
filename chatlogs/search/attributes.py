"""Attributes of messages that a search filters by and counts. Pure.

Each entry of ATTRIBUTES defines a form field, a parameter of the pages and the API, an operator of the search box,
tokens of the index, a facet, and their descriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from chatlogs.search.terms import Token
from chatlogs.search.tokens import ASCII_SIGNS, LONGEST_WORD, PIECE, normalise

# Increase with every change of what ATTRIBUTES or `tokenise` return: the next import rebuilds the index.
VERSION = 2

SIGNS = str.maketrans(ASCII_SIGNS)


def _(text: str) -> str:
    """Mark a text that templates and forms translate."""
    return text


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    plural: str
    """The key of its counts in the API."""
    label: str
    operators: tuple[str, ...]
    """Names in the search box, the English one first."""
    prefix: str
    """A private-use character, which no token of a text has; no other attribute has the same."""
    column: str
    """The column of Message and Document that `values_of` reads."""
    values_of: Callable[[Any], Iterable[str]]
    """The values of a message, in normal form, from that column."""
    examples: tuple[str, ...]
    help: str
    """Completes "finds messages ..."."""
    description: str
    """Describes the API's parameter."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Labels by value; empty where any value may occur. A message has one of the choices."""
    no_choice: str = ""
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Further names of the choices in the search box."""

    def token(self, value: str) -> Token:
        return Token(self.prefix + _encode(value))

    def parse(self, typed: str) -> str:
        """Return the value for an input of the search box, or ""."""
        name = normalise(typed)
        if self.choices:
            return name if name in self.choices else self.synonyms.get(name, "")
        return typed if PIECE.search(name) else ""


@lru_cache(maxsize=1_000)
def _encode(value: str) -> str:
    """Return a value without invisible characters and those with a meaning for the databases' tokenizers."""
    return "".join(PIECE.findall(normalise(value)))[:LONGEST_WORD].translate(SIGNS)


ATTRIBUTES = {
    attribute.name: attribute
    for attribute in (
        Attribute(
            name="kind",
            plural="kinds",
            label=_("Kind"),
            operators=("kind", "类型"),
            prefix="\ue002",
            column="kind",
            values_of=lambda kind: (kind,),
            examples=("kind:file", "类型:文件"),
            help=_("of this kind: text, image, link, file or unsupported"),
            description="The kind of message.",
            choices={
                "text": _("text"),
                "image": _("image"),
                "link": _("link"),
                "file": _("file"),
                "unsupported": _("not exported"),
            },
            no_choice=_("All kinds"),
            synonyms={"文字": "text", "图片": "image", "链接": "link", "文件": "file", "未导出": "unsupported"},
        ),
    )
}
