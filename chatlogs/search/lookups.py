"""How many of the found messages are of each room, kind, name and span of time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chatlogs.search.terms import Token
from chatlogs.search.tokens import tokenise


@dataclass(slots=True)
class Tally:
    """Counts, by the values asked for; `spans[n]` counts from `bounds[n]` up to `bounds[n + 1]`."""

    rooms: dict[int, int]
    kinds: dict[str, int]
    aliases: dict[int, int]
    bounds: Sequence[int]
    spans: list[int] = field(default_factory=list)


def make_tally(rooms: Iterable[int], aliases: Iterable[int], bounds: Sequence[int]) -> Tally:
    return Tally(
        rooms=dict.fromkeys(rooms, 0),
        kinds=dict.fromkeys(KINDS, 0),
        aliases=dict.fromkeys(aliases, 0),
        bounds=bounds,
        spans=[0] * max(0, len(bounds) - 1),
    )


LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1

# Private-use characters, which no token of a text has, begin the tokens of what a message has besides.
KIND, LINK, MENTION = "\ue002", "\ue003", "\ue004"

KINDS = ("text", "image", "link", "file", "unsupported")


LINK_TOKEN = Token(LINK)


def kind_token(kind: str) -> Token:
    return Token(f"{KIND}{kind}")


def mention_token(name_id: int) -> Token:
    """Of a message that mentions somebody by this name."""
    return Token(f"{MENTION}{name_id}")


class Document(NamedTuple):
    """A message as the index knows it; `mentions` are the ids of the names that it mentions, in order."""

    position: int
    room_id: int
    alias_id: int | None
    kind: str
    has_link: bool
    text: str
    mentions: tuple[int, ...] = ()

    def tokens(self) -> set[str]:
        """Of the text, the kind, the link and the mentions; room and name are the backends' own matter."""
        tokens = tokenise(self.text)
        tokens.add(f"{KIND}{self.kind}")
        if self.has_link:
            tokens.add(LINK)
        tokens.update(f"{MENTION}{name_id}" for name_id in self.mentions)
        return tokens


@dataclass(frozen=True, slots=True)
class Lookup:
    """The messages from `low` up to but not including `high`, in one of the rooms, under one of the names,
    that mention one of each group of names, and have all of `all_of`, one of `any_of`, and none of `none_of`. None
    and () ask for nothing."""

    all_of: tuple[Token, ...] = ()
    any_of: tuple[Token, ...] = ()
    none_of: tuple[Token, ...] = ()
    rooms: tuple[int, ...] | None = None
    aliases: tuple[int, ...] | None = None
    mentioned: tuple[tuple[int, ...], ...] = ()
    low: int = LOWEST
    high: int = HIGHEST

    def with_tokens(self, tokens: tuple[Token, ...]) -> Lookup:
        return replace(self, all_of=(*self.all_of, *tokens))
