"""Renders the body of a message: text, picture, shared page, file, or a note that it was not exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from chatlogs.text.urls import web_address
from chatlogs.web.rendering.markup import OUTWARD, FindSpans, MentionLink, render_plain, render_text


@dataclass(frozen=True, slots=True)
class Picture:
    """An available picture: the key and time of its message, and the displayed size in pixels."""

    key: str
    time: dt.time
    width: int
    height: int


class Body(NamedTuple):
    """What `render_body` needs of a message; `url` is that of the picture or page in the transcript."""

    kind: str
    text: str
    url: str = ""
    host: str = ""
    picture: Picture | None = None


def render_body(body: Body, find_spans: FindSpans | None = None, mentions: Sequence[MentionLink] = ()) -> SafeString:
    if body.kind == "text":
        return render_said(body.text, find_spans, mentions, mark_language())
    if body.kind == "image":
        return _render_image(body.picture, web_address(body.url))
    if body.kind == "link":
        return _render_page(body, web_address(body.url), render_plain(body.text, find_spans))
    if body.kind == "file":
        return format_html(
            '<p class="bubble attached file"><span class="title">{}</span><span class="host">{}</span></p>',
            render_plain(body.text, find_spans), gettext("file, not archived"),
        )  # fmt: skip
    return format_html('<p class="bubble absent">{}</p>', gettext("sticker, voice, red packet …: not exported"))


def render_said(text: str, find_spans: FindSpans | None, mentions: Sequence[MentionLink], language: str) -> SafeString:
    """Render a text message; `language` comes from `mark_language`. Not `format_html`: a day has thousands."""
    if not text.strip():
        return format_html('<p class="bubble absent">{}</p>', gettext("empty message"))
    return SafeString(f'<div class="bubble text"{language}>{render_text(text, find_spans, mentions)}</div>')


def mark_language() -> SafeString:
    """Return the attribute that marks messages as Chinese on pages in another language."""
    return SafeString("" if get_language() == settings.LANGUAGE_CODE else ' lang="zh-Hans"')


def render_picture(picture: Picture) -> SafeString:
    """Render the thumbnail with a link to the whole picture."""
    return format_html(
        '<a href="{}"><img src="{}" width="{}" height="{}" loading="lazy" alt="{}"></a>',
        reverse("image-full", args=[picture.key]), reverse("image-small", args=[picture.key]),
        picture.width, picture.height, gettext("Picture of %(time)s") % {"time": f"{picture.time:%H:%M}"},
    )  # fmt: skip


def _render_image(picture: Picture | None, address: str) -> SafeString:
    if picture:
        return format_html('<figure class="bubble picture">{}</figure>', render_picture(picture))
    label = gettext("Picture, hosted elsewhere and probably gone")
    link = SafeString(f'<a href="{escape(address)}" {OUTWARD}>{escape(address)}</a>') if address else ""
    return format_html('<figure class="bubble absent image"><figcaption>{}</figcaption>{}</figure>', label, link)


def _render_page(body: Body, address: str, title: SafeString) -> SafeString:
    if not address:
        return format_html('<p class="bubble attached link"><span class="title" lang="zh-Hans">{}</span></p>', title)
    return format_html(
        '<a class="bubble attached link" href="{}" {}>'
        '<span class="title" lang="zh-Hans">{}</span><span class="host">{}</span></a>',
        address, SafeString(OUTWARD), title or address, body.host,
    )  # fmt: skip
