"""Text to HTML. The one place that declares a string safe."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chatlogs.text.addresses import ADDRESS
from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.quotations import find_quotation

# 82 of 100 messages hold none of these and are done with once escaped.
MARKS = re.compile(r"[\[「?]|https?:", re.IGNORECASE)

# Opens another site without telling it where the reader came from, or search engines to follow.
OUTWARD = 'rel="nofollow noopener ugc"'

# Start and end of what was looked for, in a piece of text, in order and apart from each other.
FindSpans = Callable[[str], Sequence[tuple[int, int]]]


def render_text(text: str, find_spans: FindSpans | None = None) -> SafeString:
    """A message's text: escaped, then quotation, web addresses, emoji and what was looked for marked up."""
    if not MARKS.search(text):
        return mark_safe(_render_plain(text, find_spans))
    quotation = find_quotation(text)
    if quotation is None:
        return mark_safe(_render_words(text, find_spans))
    name = f"<cite>{_render_words(quotation.name, find_spans)}</cite> " if quotation.name else ""
    quoted = f"<blockquote>{name}{_render_words(quotation.text, find_spans)}</blockquote>"
    return mark_safe(quoted + _render_words(quotation.reply, find_spans))


def render_plain(text: str, find_spans: FindSpans | None = None) -> SafeString:
    """A title: escaped, with what was looked for marked."""
    return mark_safe(_render_plain(text, find_spans))


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
    """What moderators write for the archive (not messages): Markdown, without any active content."""
    return mark_safe(nh3.clean(markdown.markdown(text), link_rel="nofollow noopener ugc"))
