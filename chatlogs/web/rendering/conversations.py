"""A day's conversations. By hand and not by a template, which takes ten times as long over thousands of messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import Any, Protocol

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from chatlogs.web.rendering.markup import MentionLink
from chatlogs.web.rendering.mentions import Mentioned, label_answered, link_of
from chatlogs.web.rendering.messages import Body, Picture, mark_language, render_body, render_said
from chatlogs.web.rendering.names import SpokenName, render_avatar, render_speaker


class Answered(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def time(self) -> dt.time: ...


class Said(Protocol):
    @property
    def pk(self) -> int: ...

    @property
    def key(self) -> str: ...

    @property
    def time(self) -> dt.time: ...

    @property
    def is_author_hidden(self) -> bool: ...

    @property
    def mentions(self) -> Sequence[Mentioned]: ...

    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def link_url(self) -> str | None: ...

    @property
    def link_host(self) -> str | None: ...

    @property
    def image_url(self) -> str | None: ...

    @property
    def picture_size(self) -> tuple[int, int] | None: ...


class SaidInARow(Protocol):
    @property
    def alias(self) -> SpokenName | None: ...

    @property
    def messages(self) -> Sequence[Any]: ...

    @property
    def removed(self) -> int: ...


class Talk(Protocol):
    @property
    def number(self) -> int: ...

    @property
    def starts_at(self) -> dt.time | None: ...

    @property
    def turns(self) -> Sequence[Any]: ...


class ConversationRenderer:
    """Of one page: what is the same for each message is worked out once.

    `answered` has, by message and place in its text, what a mention answers; `keys` are of the messages on the page,
    and `address` is their day's, on another page than that.
    """

    def __init__(
        self,
        date: dt.date,
        answered: Mapping[tuple[int, int], Answered],
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

    def render(self, conversations: Iterable[Talk]) -> SafeString:
        return SafeString("".join(map(self._render_conversation, conversations)))

    def render_turns(self, turns: Iterable[SaidInARow]) -> SafeString:
        return SafeString("".join(map(self._render_turn, turns)))

    @cached_property
    def _about(self) -> str:
        return escape(reverse("about"))

    def _render_conversation(self, conversation: Talk) -> str:
        turns = "".join(map(self._render_turn, conversation.turns))
        if conversation.starts_at is None:
            return f'<section class="conversation"><ol class="turns">{turns}</ol></section>'
        name, time = f"c-{conversation.number}", conversation.starts_at
        return (
            f'<section class="conversation" aria-labelledby="{name}"><h2 class="pause" id="{name}">'
            f'<time datetime="{self.date}T{time}">{time:%H:%M}</time></h2><ol class="turns">{turns}</ol></section>\n'
        )

    def _render_turn(self, turn: SaidInARow) -> str:
        if turn.removed:
            words = ngettext("%(counter)s message removed", "%(counter)s messages removed", turn.removed)
            return f'<li class="removed"><a href="{self._about}">{escape(words % {"counter": turn.removed})}</a></li>\n'
        speaker = self._render_speaker(turn.alias, turn.messages[0])
        messages = "".join(map(self._render_message, turn.messages))
        return f'<li class="turn">{speaker}{messages}</div></li>\n'

    def _render_speaker(self, name: SpokenName | None, first: Said) -> str:
        """What a name tells stands where it is first seen."""
        speaker = name and name.pk, first.is_author_hidden
        if speaker not in self._seen:
            self._seen.add(speaker)
            return _open_turn(name, first, parts_id=f"parts-{first.key}")
        if speaker not in self._speakers:
            self._speakers[speaker] = _open_turn(name, first)
        return self._speakers[speaker]

    def _render_message(self, message: Said) -> str:
        key, time = message.key, message.time.isoformat()
        body = self._render_said(message) if message.kind == "text" else render_body(_body_of(message))
        return (
            f'<article class="message" id="m-{key}">{body}'
            f'<a class="at" href="{self.permalinks}{key}/">'
            f'<time datetime="{time}">{time[:5]}</time></a>'
            f'<a href="{self.address}?from={key}">{self.ask}</a></article>\n'
        )

    def _render_said(self, message: Said) -> str:
        mentions = [self._link_of(mention, message) for mention in message.mentions] if message.mentions else ()
        return render_said(message.text, None, mentions, self._language)

    def _link_of(self, mention: Mentioned, message: Said) -> MentionLink:
        known = self._links.get(place := (mention.name, message.text[mention.start : mention.stop]))
        link = known or self._links.setdefault(place, link_of(mention, message.text))
        answered = self.answered.get((message.pk, mention.start))
        if answered is None:
            return link
        address = f"#m-{answered.key}" if answered.key in self.keys else f"{self.permalinks}{answered.key}/"
        return replace(link, answered=label_answered(address, answered.time))


def _open_turn(name: SpokenName | None, first: Said, parts_id: str = "") -> str:
    speaker = render_speaker(name, is_hidden=first.is_author_hidden, parts_id=parts_id)
    return f'{render_avatar(name)}<div class="said">{speaker}'


def _body_of(message: Said) -> Body:
    size = message.picture_size
    picture = Picture(message.key, message.time, *size) if size else None
    address = message.link_url or message.image_url or ""
    return Body(message.kind, message.text, address, message.link_host or "", picture)
