"""Renders messages as plain text and as Markdown, for files and citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext

from chatlogs.queries.timelines import TimelineMessage
from chatlogs.text.urls import ADDRESS, web_address
from chatlogs.web.rendering.names import name_of_author

MARKUP = re.compile(r"([\\`*_\[\]<>])")
LINE_BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")


def render_in_text(messages: Iterable[TimelineMessage]) -> str:
    """Return one line per message: time, author, text."""
    return "".join(
        f"{one.time:%H:%M:%S} {_author_of(one)}: {_render_content(one, lambda text: text)}\n" for one in messages
    )


def render_in_markdown(messages: Iterable[TimelineMessage]) -> str:
    """Return a Markdown quotation, one line per message: author, time, text. Nothing in them acts as markup."""
    lines = [
        f"> **{escape_markdown(_author_of(one))}** {one.time:%H:%M:%S}: {_render_content(one, escape_markdown)}"
        for one in messages
    ]
    return "  \n".join(lines) + "\n" if lines else ""


def link_in_markdown(label: str, address: str) -> str:
    return f"[{escape_markdown(label)}](<{address}>)"


def escape_markdown(text: str) -> str:
    """Escape Markdown in a text, except in its web addresses, which become links."""
    pieces = []
    end = 0
    for address in ADDRESS.finditer(text):
        pieces += [MARKUP.sub(r"\\\1", text[end : address.start()]), f"<{address[0].replace('>', '%3E')}>"]
        end = address.end()
    return "".join([*pieces, MARKUP.sub(r"\\\1", text[end:])])


def _render_content(message: TimelineMessage, escape: Callable[[str], str]) -> str:
    text = escape(_on_one_line(message.text))
    if message.kind == "text":
        return text or f"({gettext('empty message')})"
    if message.kind == "image":
        return f"({gettext('picture')})"
    if message.kind == "link":
        return " ".join(filter(None, [text, escape(web_address(message.link_url or ""))]))
    if message.kind == "file":
        return f"({gettext('file')}) {text}"
    return f"({gettext('sticker, voice, red packet …: not exported')})"


def _author_of(message: TimelineMessage) -> str:
    return _on_one_line(name_of_author(message.alias, is_hidden=message.is_author_hidden))


def _on_one_line(text: str) -> str:
    return LINE_BREAK.sub(" ", text).strip()
