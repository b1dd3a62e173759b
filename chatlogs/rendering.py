"""Text to HTML. The one place that declares a string safe."""

from __future__ import annotations

import re

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


def render_text(text: str) -> SafeString:
    """A message's text: escaped, then quotation, web addresses and emoji marked up."""
    if not MARKS.search(text):
        return mark_safe(escape(text))
    quotation = find_quotation(text)
    if quotation is None:
        return mark_safe(_render_words(text))
    name = f"<cite>{_render_words(quotation.name)}</cite> " if quotation.name else ""
    quoted = f"<blockquote>{name}{_render_words(quotation.text)}</blockquote>"
    return mark_safe(quoted + _render_words(quotation.reply))


def _render_words(text: str) -> str:
    pieces = []
    end = 0
    for address in ADDRESS.finditer(text):
        pieces.append(_render_emoji(text[end : address.start()]))
        href = escape(address[0])
        pieces.append(f'<a href="{href}" {OUTWARD}>{href}</a>')
        end = address.end()
    pieces.append(_render_emoji(text[end:]))
    return "".join(pieces)


def _render_emoji(text: str) -> str:
    return TOKEN.sub(_emoji, escape(text))


def _emoji(match: re.Match[str]) -> str:
    return f'<span class="emoji" role="img" aria-label="{match[1]}" title="{match[1]}">{EMOJI[match[1]]}</span>'


def render_markdown(text: str) -> SafeString:
    """What moderators write for the archive (not messages): Markdown, without any active content."""
    return mark_safe(nh3.clean(markdown.markdown(text), link_rel="nofollow noopener ugc"))
