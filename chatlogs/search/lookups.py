"""Documents, lookups and tallies: the interface of the index. Pure."""

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

# Prefixes of tokens that do not come from the text: private-use characters, which no token of a text contains. Those
# of attributes are in `attributes`.
LINK, MENTION = "\ue003", "\ue004"

LINK_TOKEN = Token(LINK)


def mention_token(name_id: int) -> Token:
    return Token(f"{MENTION}{name_id}")


class Document(NamedTuple):
    """A message as the index stores it; `mentions` are the sorted ids of mentioned names."""

    position: int
    room_id: int
    alias_id: int | None
    kind: str
    has_link: bool
    text: str
    mentions: tuple[int, ...] = ()

    def tokens(self) -> set[str]:
        """Return the tokens of text, attributes, link and mentions. The backends add room and name."""
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
    """Selects messages with `low` <= position < `high`, all tokens of `all_of`, none of `none_of`, in one of the rooms,
    by one of the names, mentioning one of each group of names. None and () do not restrict."""

    all_of: tuple[Token, ...] = ()
    none_of: tuple[Token, ...] = ()
    rooms: tuple[int, ...] | None = None
    aliases: tuple[int, ...] | None = None
    mentioned: tuple[tuple[int, ...], ...] = ()
    low: int = LOWEST
    high: int = HIGHEST

    def with_tokens(self, tokens: tuple[Token, ...]) -> Lookup:
        return replace(self, all_of=(*self.all_of, *tokens))
