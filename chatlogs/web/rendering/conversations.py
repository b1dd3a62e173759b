"""Renders the conversations of a day.

Not a template: over thousands of messages, one takes ten times as long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from chatlogs.models import Alias
from chatlogs.queries.conversations import Conversation, Turn
from chatlogs.queries.timelines import TimelineMention, TimelineMessage
from chatlogs.web.rendering.markup import MentionLink
from chatlogs.web.rendering.mentions import label_answered, link_of
from chatlogs.web.rendering.messages import Body, Picture, mark_language, render_body, render_said
from chatlogs.web.rendering.names import render_avatar, render_speaker


class ConversationRenderer:
    """Renders the conversations of one page.

    `answered` maps a message's id and the start of a mention in it to the message that the mention replies to. `keys`
    are those of the messages on the page. `address` is the day's, where the page is not the day's own.
    """

    def __init__(
        self,
        date: dt.date,
        answered: Mapping[tuple[int, int], TimelineMessage],
        keys: Container[str],
        address: str = "",
    ) -> None:
        self.date, self.answered, self.keys, self.address = date, answered, keys, escape(address)
        self._language = mark_language()
        self._links: dict[tuple[Any, str], MentionLink] = {}
        self.permalinks = escape(reverse("permalinks"))
        self._seen: set[tuple[Any, bool]] = set()
        self._speakers: dict[tuple[Any, bool], str] = {}
        self.ask = escape(gettext("cite, remove"))

    def render(self, conversations: Iterable[Conversation]) -> SafeString:
        return SafeString("".join(map(self._render_conversation, conversations)))

    def render_turns(self, turns: Iterable[Turn]) -> SafeString:
        return SafeString("".join(map(self._render_turn, turns)))

    @cached_property
    def _about(self) -> str:
        return escape(reverse("about"))

    def _render_conversation(self, conversation: Conversation) -> str:
        turns = "".join(map(self._render_turn, conversation.turns))
        if conversation.starts_at is None:
            return f'<section class="conversation"><ol class="turns">{turns}</ol></section>'
        name, time = f"c-{conversation.number}", conversation.starts_at
        return (
            f'<section class="conversation" aria-labelledby="{name}"><h2 class="pause" id="{name}">'
            f'<time datetime="{self.date}T{time}">{time:%H:%M}</time></h2><ol class="turns">{turns}</ol></section>\n'
        )

    def _render_turn(self, turn: Turn) -> str:
        if turn.removed:
            words = ngettext("%(counter)s message removed", "%(counter)s messages removed", turn.removed)
            return f'<li class="removed"><a href="{self._about}">{escape(words % {"counter": turn.removed})}</a></li>\n'
        speaker = self._render_speaker(turn.alias, turn.messages[0])
        messages = "".join(map(self._render_message, turn.messages))
        return f'<li class="turn">{speaker}{messages}</div></li>\n'

    def _render_speaker(self, name: Alias | None, first: TimelineMessage) -> str:
        """Describe a name only where it first appears on the page."""
        speaker = name and name.pk, first.is_author_hidden
        if speaker not in self._seen:
            self._seen.add(speaker)
            return _open_turn(name, first, parts_id=f"parts-{first.key}")
        if speaker not in self._speakers:
            self._speakers[speaker] = _open_turn(name, first)
        return self._speakers[speaker]

    def _render_message(self, message: TimelineMessage) -> str:
        key, time = message.key, message.time.isoformat()
        if message.kind == "text":
            mentions = [self._link_of(mention, message) for mention in message.mentions] if message.mentions else ()
            body = render_said(message.text, None, mentions, self._language)
        else:
            size = message.picture_size
            picture = Picture(message.key, message.time, *size) if size else None
            url = message.link_url or message.image_url or ""
            body = render_body(Body(message.kind, message.text, url, message.link_host or "", picture))
        return (
            f'<article class="message" id="m-{key}">{body}'
            f'<a class="at" href="{self.permalinks}{key}/">'
            f'<time datetime="{time}">{time[:5]}</time></a>'
            f'<a href="{self.address}?from={key}">{self.ask}</a></article>\n'
        )

    def _link_of(self, mention: TimelineMention, message: TimelineMessage) -> MentionLink:
        known = self._links.get(place := (mention.name, message.text[mention.start : mention.stop]))
        link = known or self._links.setdefault(place, link_of(mention, message.text))
        answered = self.answered.get((message.pk, mention.start))
        if answered is None:
            return link
        address = f"#m-{answered.key}" if answered.key in self.keys else f"{self.permalinks}{answered.key}/"
        return replace(link, answered=label_answered(address, answered.time))


def _open_turn(name: Alias | None, first: TimelineMessage, parts_id: str = "") -> str:
    speaker = render_speaker(name, is_hidden=first.is_author_hidden, parts_id=parts_id)
    return f'{render_avatar(name)}<div class="said">{speaker}'
