"""Texts: what is said in them marked up; and the Markdown that people write for the archive."""

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

# 82 of 100 messages hold none of these and are done with once escaped.
MARKS = re.compile(r"[\[「?]|https?:", re.IGNORECASE)

# Opens another site without telling it where the reader came from, or search engines to follow.
OUTWARD = 'rel="nofollow noopener ugc"'

MARKDOWN_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip

# By these a script element could be ended, or its text be taken for something else.
ESCAPED_IN_SCRIPTS = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

# Start and end of what was looked for, in a piece of text, in order and apart from each other.
FindSpans = Callable[[str], Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class MentionLink:
    """A mention as it stands in a text, `@` included, and where it leads: to who is meant, and to what it answers.

    Empty addresses are of what is not known; `title` says who is meant, and how surely.
    """

    literal: str
    href: str = ""
    title: str = ""
    is_sure: bool = True
    answered: tuple[str, str] | None = None
    """Address and label."""


def render_text(text: str, find_spans: FindSpans | None = None, mentions: Sequence[MentionLink] = ()) -> SafeString:
    """A message's text: escaped, then quotation, mentions, web addresses, emoji and what was looked for marked up."""
    if not mentions and not MARKS.search(text):
        return SafeString(_render_plain(text, find_spans))
    quotation = find_quotation(text)
    if quotation is None:
        return SafeString(_render_mentions(text, find_spans, mentions))
    name = f"<cite>{_render_words(quotation.name, find_spans)}</cite> " if quotation.name else ""
    quoted = f"<blockquote>{name}{_render_mentions(quotation.text, find_spans, mentions)}</blockquote>"
    return SafeString(quoted + _render_mentions(quotation.reply, find_spans, mentions))


def render_plain(text: str, find_spans: FindSpans | None = None) -> SafeString:
    """A title: escaped, with what was looked for marked."""
    return SafeString(_render_plain(text, find_spans))


def render_words(text: str) -> SafeString:
    """A piece of a text: escaped, with emoji."""
    return SafeString(_render_emoji(text, None))


def _render_mentions(text: str, find_spans: FindSpans | None, mentions: Sequence[MentionLink]) -> str:
    """By what they are, not by where: a quotation is shown in pieces of the text."""
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
    """What moderators write for the archive (not messages): Markdown, without pictures or any active content."""
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
    """What a template wrote, fit to stand between an attribute's double quotes."""
    return SafeString(" ".join(html.split()).replace('"', "&quot;"))


def render_linked_data(data: Mapping[str, Any]) -> SafeString:
    """JSON-LD as an element that no browser runs and no text in it can end."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED_IN_SCRIPTS)
    return SafeString(f'<script type="application/ld+json">{written}</script>')
