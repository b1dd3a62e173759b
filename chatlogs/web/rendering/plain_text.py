"""Messages as plain text and as Markdown, to be read elsewhere and cited."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Protocol

from django.utils.translation import gettext

from chatlogs.text.urls import ADDRESS, web_address
from chatlogs.web.rendering.names import name_of_author

MARKUP = re.compile(r"([\\`*_\[\]<>])")
LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


class Line(Protocol):
    """A TimelineMessage, as far as it is told here."""

    @property
    def time(self) -> dt.time: ...

    @property
    def alias(self) -> object | None: ...

    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def link_url(self) -> str | None: ...

    @property
    def is_author_hidden(self) -> bool: ...


def render_in_text(messages: Iterable[Line]) -> str:
    """A line each: time, name, words."""
    return "".join(f"{one.time:%H:%M:%S} {_name(one)}: {_say(one, lambda text: text)}\n" for one in messages)


def render_in_markdown(messages: Iterable[Line]) -> str:
    """Quoted, a line each: name, time, words, of which nothing is taken for markup."""
    lines = [
        f"> **{escape_markdown(_name(one))}** {one.time:%H:%M:%S}: {_say(one, escape_markdown)}" for one in messages
    ]
    return "  \n".join(lines) + "\n" if lines else ""


def link_in_markdown(label: str, address: str) -> str:
    return f"[{escape_markdown(label)}](<{address}>)"


def escape_markdown(text: str) -> str:
    """Web addresses stay as they are: they are understood without markup."""
    pieces = []
    end = 0
    for address in ADDRESS.finditer(text):
        pieces += [MARKUP.sub(r"\\\1", text[end : address.start()]), f"<{address[0].replace('>', '%3E')}>"]
        end = address.end()
    return "".join([*pieces, MARKUP.sub(r"\\\1", text[end:])])


def _say(message: Line, escape: Callable[[str], str]) -> str:
    text = escape(_in_line(message.text))
    if message.kind == "text":
        return text or _aside(gettext("empty message"))
    if message.kind == "image":
        return _aside(gettext("picture"))
    if message.kind == "link":
        return " ".join(filter(None, [text, escape(web_address(message.link_url or ""))]))
    if message.kind == "file":
        return " ".join([_aside(gettext("file")), text])
    return _aside(gettext("sticker, voice, red packet …: not exported"))


def _aside(words: str) -> str:
    return f"({words})"


def _name(message: Line) -> str:
    return _in_line(name_of_author(message.alias, is_hidden=message.is_author_hidden))


def _in_line(text: str) -> str:
    return LINE_BREAK.sub(" ", text).strip()
