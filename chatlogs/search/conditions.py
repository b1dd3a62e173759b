"""The conditions of a search. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass

from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.lookups import LINK_TOKEN, Lookup
from chatlogs.search.terms import Term
from chatlogs.search.tokens import searchable

# With more aliases than this, candidates are filtered one by one instead of in the index.
MOST_ALIASES_ASKED_FOR = 2_000


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions that a message must all meet; None means any. Dates are in the rooms' time zones, inclusive."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    rooms: frozenset[int] | None = None
    aliases: frozenset[int] | None = None
    mentioned: tuple[frozenset[int], ...] = ()
    """Sets of ids of mentioned names; the message must mention one of each set."""
    attributes: frozenset[tuple[str, str]] = frozenset()
    """Pairs of attribute name and value; the message must have all."""
    has_link: bool = False
    since: dt.date | None = None
    until: dt.date | None = None

    def __bool__(self) -> bool:
        return self != Conditions()

    def fingerprint(self) -> str:
        """Return a string that is equal for equal conditions, in every process."""
        return repr([sorted(value) if isinstance(value, frozenset) else value for value in astuple(self)])

    @property
    def are_impossible(self) -> bool:
        chosen = [name for name, _ in self.attributes if ATTRIBUTES[name].choices]
        contradict = len(chosen) > len({*chosen}) or bool(self.since and self.until and self.since > self.until)
        return contradict or frozenset[int]() in (self.rooms, self.aliases, *self.mentioned)

    @property
    def need_texts(self) -> bool:
        """Whether the index returns candidates that `accept` has to check."""
        return self._asks_too_many_aliases or not all(term.is_sure for term in (*self.wanted, *self.unwanted))

    def accept(self, alias_id: int | None, text: str) -> bool:
        """Return whether a candidate from the index meets the conditions."""
        if self._asks_too_many_aliases and alias_id not in (self.aliases or ()):
            return False
        wanted = [term for term in self.wanted if not term.is_sure]
        if not wanted and not self._doubtful_unwanted:
            return True
        form = searchable(text)
        return all(term.occurs_in(form) for term in wanted) and not any(
            term.occurs_in(form) for term in self._doubtful_unwanted
        )

    @property
    def plain_words(self) -> tuple[str, ...]:
        """Words that decide without `accept`: a candidate that contains them all literally is a match. Empty if further
        checks are needed."""
        doubtful = [term for term in self.wanted if not term.is_sure]
        if self._asks_too_many_aliases or self._doubtful_unwanted:
            return ()
        return tuple(term.form for term in doubtful) if all(term.is_han for term in doubtful) else ()

    @property
    def doubted_for(self) -> tuple[Term, ...]:
        """Excluded terms: a candidate with none of their tokens is a match. Empty if further checks are needed."""
        has_other_doubts = self._asks_too_many_aliases or not all(term.is_sure for term in self.wanted)
        return () if has_other_doubts else self._doubtful_unwanted

    @property
    def _doubtful_unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.unwanted if not term.is_sure)

    def lookup(self, rooms: frozenset[int] | None, low: int, high: int) -> Lookup:
        """Return the lookup for these rooms, from position `low` up to but not including `high`."""
        all_of = [token for term in self.wanted for token in term.tokens]
        if self.has_link:
            all_of.append(LINK_TOKEN)
        all_of += [ATTRIBUTES[name].token(value) for name, value in sorted(self.attributes)]
        return Lookup(
            all_of=tuple(dict.fromkeys(all_of)),
            none_of=tuple(term.tokens[0] for term in self.unwanted if term.is_sure),
            rooms=None if rooms is None else tuple(sorted(rooms)),
            aliases=None if self.aliases is None or self._asks_too_many_aliases else tuple(sorted(self.aliases)),
            mentioned=tuple(tuple(sorted(names)) for names in self.mentioned),
            low=low,
            high=high,
        )

    @property
    def _asks_too_many_aliases(self) -> bool:
        return self.aliases is not None and len(self.aliases) > MOST_ALIASES_ASKED_FOR
