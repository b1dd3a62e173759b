"""Renders text and messages as HTML. The only package that marks strings as safe."""

from chatlogs.web.rendering.conversations import ConversationRenderer
from chatlogs.web.rendering.markup import (
    FindSpans,
    MentionLink,
    render_linked_data,
    render_markdown,
    render_on_one_line,
    render_plain,
    render_text,
    render_words,
)
from chatlogs.web.rendering.mentions import link_of
from chatlogs.web.rendering.messages import Body, Picture, render_body, render_picture
from chatlogs.web.rendering.names import colour_of, initial_of, name_of_author
from chatlogs.web.rendering.plain_text import escape_markdown, link_in_markdown, render_in_markdown, render_in_text

__all__ = [
    "Body",
    "ConversationRenderer",
    "FindSpans",
    "MentionLink",
    "Picture",
    "colour_of",
    "escape_markdown",
    "initial_of",
    "link_in_markdown",
    "link_of",
    "name_of_author",
    "render_body",
    "render_in_markdown",
    "render_in_text",
    "render_linked_data",
    "render_markdown",
    "render_on_one_line",
    "render_picture",
    "render_plain",
    "render_text",
    "render_words",
]
