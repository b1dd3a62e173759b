"""Text to HTML. The one room that declares a string safe."""

from chatlogs.rendering.bodies import Body, Picture, render_body, render_picture
from chatlogs.rendering.conversations import ConversationRenderer
from chatlogs.rendering.mentions import link_of
from chatlogs.rendering.names import colour_of, initial_of, name_of_author
from chatlogs.rendering.plain import escape_markdown, link_in_markdown, render_in_markdown, render_in_text
from chatlogs.rendering.texts import (
    FindSpans,
    MentionLink,
    render_linked_data,
    render_markdown,
    render_on_one_line,
    render_plain,
    render_text,
    render_words,
)

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
