"""What the index is given, asked and counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.terms import Token
from chatlogs.search.tokens import tokenise


@dataclass(slots=True)
class Tally:
    """Counts by value, of the values to be counted. `spans[n]` counts from `bounds[n]` up to `bounds[n + 1]`."""

    rooms: dict[int, int]
    aliases: dict[int, int]
    attributes: Mapping[str, dict[str, int]]
    bounds: Sequence[int]
    spans: list[int]


LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1

# Private-use characters, which no token of a text has, begin the tokens of what a message has besides; those of
# attributes are in `attributes`.
LINK, MENTION = "\ue003", "\ue004"

LINK_TOKEN = Token(LINK)


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
        """Return the tokens of the text, the attributes, the link and the mentions; the backends add room and name."""
        tokens = tokenise(self.text)
        for attribute in ATTRIBUTES.values():
            tokens.update(
                [attribute.token(value).text for value in attribute.values_of(getattr(self, attribute.column))]
            )
        if self.has_link:
            tokens.add(LINK)
        tokens.update(f"{MENTION}{name_id}" for name_id in self.mentions)
        return tokens


@dataclass(frozen=True, slots=True)
class Lookup:
    """The messages from `low` up to but not including `high`, in one of the rooms, under one of the names,
    that mention one of each group of names, and have all of `all_of` and none of `none_of`. None and () ask for
    nothing."""

    all_of: tuple[Token, ...] = ()
    none_of: tuple[Token, ...] = ()
    rooms: tuple[int, ...] | None = None
    aliases: tuple[int, ...] | None = None
    mentioned: tuple[tuple[int, ...], ...] = ()
    low: int = LOWEST
    high: int = HIGHEST

    def with_tokens(self, tokens: tuple[Token, ...]) -> Lookup:
        return replace(self, all_of=(*self.all_of, *tokens))
