"""Renders message texts, and the Markdown that moderators write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import markdown
import nh3
from django.utils.safestring import SafeString

from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.quotations import find_quotation
from chatlogs.text.urls import ADDRESS

# 82 of 100 messages contain none of these and only need escaping.
MARKS = re.compile(r"[\[「?]|https?:", re.IGNORECASE)

# For links to other sites.
OUTWARD = 'rel="nofollow noopener ugc"'

MARKDOWN_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip

# Characters that could end a script element or change the meaning of its text.
ESCAPED_IN_SCRIPTS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

# Returns the start and end of each search hit in a text, in order and without overlaps.
FindSpans = Callable[[str], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class MentionLink:
    """A mention and its link.

    `literal` is the text including `@`; `href` is "" for an unknown member; `title` names the member, and how they
    were identified if that is not certain.
    """

    literal: str
    href: str = ""
    title: str = ""
    is_sure: bool = True
    answered: tuple[str, str] | None = None
    """Address and label of the message that is replied to."""


def render_text(text: str, find_spans: FindSpans | None = None, mentions: Sequence[MentionLink] = ()) -> SafeString:
    """Escape a message's text, and mark up its quotation, mentions, web addresses, emoji and search hits."""
    if not mentions and not MARKS.search(text):
        return SafeString(_render_plain(text, find_spans))
    quotation = find_quotation(text)
    if quotation is None:
        return SafeString(_render_mentions(text, find_spans, mentions))
    name = f"<cite>{_render_words(quotation.name, find_spans)}</cite> " if quotation.name else ""
    quoted = f"<blockquote>{name}{_render_mentions(quotation.text, find_spans, mentions)}</blockquote>"
    return SafeString(quoted + _render_mentions(quotation.reply, find_spans, mentions))


def render_plain(text: str, find_spans: FindSpans | None = None) -> SafeString:
    """Escape a title and mark search hits in it."""
    return SafeString(_render_plain(text, find_spans))


def render_words(text: str) -> SafeString:
    """Escape part of a text, with emoji but without links."""
    return SafeString(_render_emoji(text, None))


def _render_mentions(text: str, find_spans: FindSpans | None, mentions: Sequence[MentionLink]) -> str:
    """Find mentions by their text, not by position: a quotation is rendered in pieces."""
    if not mentions:
        return _render_words(text, find_spans)
    by_literal = {mention.literal: mention for mention in mentions}
    literals = "|".join(map(re.escape, sorted(by_literal, key=len, reverse=True)))
    pieces = []
    end = 0
    for literal in re.finditer(literals, text):
        pieces.append(_render_words(text[end : literal.start()], find_spans))
        pieces.append(_render_mention(by_literal[literal[0]], find_spans))
        end = literal.end()
    pieces.append(_render_words(text[end:], find_spans))
    return "".join(pieces)


def _render_mention(mention: MentionLink, find_spans: FindSpans | None) -> str:
    label = _render_plain(mention.literal, find_spans)
    kind = "mention" if mention.is_sure else "mention probable"
    title = f' title="{escape(mention.title)}"' if mention.title else ""
    if not mention.href:
        return f'<span class="{kind}"{title}>{label}</span>'
    link = f'<a class="{kind}" href="{escape(mention.href)}"{title}>{label}</a>'
    if not mention.answered:
        return link
    address, words = map(escape, mention.answered)
    return f'{link}<a class="answered" href="{address}" title="{words}" aria-label="{words}">↑</a>'


def _render_words(text: str, find_spans: FindSpans | None) -> str:
    pieces = []
    end = 0
    for address in ADDRESS.finditer(text):
        pieces.append(_render_emoji(text[end : address.start()], find_spans))
        label = _render_plain(address[0], find_spans)
        pieces.append(f'<a href="{escape(address[0])}" {OUTWARD}>{label}</a>')
        end = address.end()
    pieces.append(_render_emoji(text[end:], find_spans))
    return "".join(pieces)


def _render_emoji(text: str, find_spans: FindSpans | None) -> str:
    pieces = []
    end = 0
    for token in TOKEN.finditer(text):
        pieces.append(_render_plain(text[end : token.start()], find_spans))
        emoji = f'<span class="emoji" role="img" aria-label="{token[1]}" title="{token[1]}">{EMOJI[token[1]]}</span>'
        pieces.append(f"<mark>{emoji}</mark>" if find_spans and find_spans(token[0]) else emoji)
        end = token.end()
    pieces.append(_render_plain(text[end:], find_spans))
    return "".join(pieces)


def _render_plain(text: str, find_spans: FindSpans | None) -> str:
    if find_spans is None:
        return escape(text)
    pieces = []
    end = 0
    for start, stop in find_spans(text):
        pieces.append(f"{escape(text[end:start])}<mark>{escape(text[start:stop])}</mark>")
        end = stop
    return "".join([*pieces, escape(text[end:])])


def render_markdown(text: str) -> SafeString:
    """Render Markdown by moderators, without pictures or active content."""
    html = markdown.markdown(text)
    return SafeString(
        nh3.clean(
            html,
            tags=MARKDOWN_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https"},
            link_rel="nofollow noopener ugc",
        )
    )


def render_on_one_line(html: SafeString) -> SafeString:
    """Fit a template's output into a double-quoted attribute."""
    return SafeString(" ".join(html.split()).replace('"', "&quot;"))


def render_linked_data(data: Mapping[str, Any]) -> SafeString:
    """Render JSON-LD as a script element that no text in it can end."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED_IN_SCRIPTS)
    return SafeString(f'<script type="application/ld+json">{written}</script>')
