"""The records that parsers return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from chatlogs.text.quotations import Quotation, find_quotation


class Kind(StrEnum):
    """The content of a message. UNSUPPORTED is a header without a body (sticker, voice, red packet …)."""

    TEXT = "text"
    IMAGE = "image"
    LINK = "link"
    FILE = "file"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Link:
    """A shared page. `url` is decoded, and "" if the transcript has no web address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `url` is where it was published once; most of those hosts are gone."""

    url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something unexpected in a file. Errors reject the file; others are notes.

    `line` counts from 1; 0 is the file as a whole.
    """

    line: int
    code: str
    message: str
    is_error: bool = False


class Entry(NamedTuple):
    """One message of a transcript. A tuple, because there are many of them.

    `source` is its exact bytes with the header line. `sender` is the decoded display name, or "", or
    `text.accounts.EXPORTER` if the exporting account speaks, whatever the format calls it. `text` is decoded, too: the
    words, a link's title or a file's name. `account` is the private account id at the end of some links. It
    belongs to the sender of the *next* message and must never be shown or stored in clear text.
    """

    line: int
    time: dt.time
    sender: str
    source: bytes
    kind: Kind
    text: str = ""
    link: Link | None = None
    image: Image | None = None
    account: str = ""

    @property
    def quotation(self) -> Quotation | None:
        """The quotation at the beginning of a text."""
        return find_quotation(self.text) if self.kind is Kind.TEXT else None

    @property
    def is_empty(self) -> bool:
        """Whether there is no body. White space is a body."""
        return self.kind is Kind.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Everything before the first message: the exact bytes, and the fields parsed from them.

    Text between the front matter and the first message is part of `source`, and reported as a problem.
    """

    source: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One day of a room. `front.source` and the entries' `source` in order are the file.

    `date` is None only if the file is rejected. `duplicates`: see `find_duplicates`. `speaker` is the display name of
    the person who gave that day's talk, without spaces around it, or "". `gaps` are indexes of entries before which
    others were left out by `without`, and `accounts_left_out` the account ids of those.
    """

    room: str
    date: dt.date | None
    front: FrontMatter
    entries: tuple[Entry, ...] = ()
    duplicates: Mapping[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    speaker: str = ""
    gaps: frozenset[int] = frozenset()
    accounts_left_out: frozenset[str] = frozenset()

    @property
    def accounts(self) -> set[str]:
        """All private account ids at the ends of links."""
        return {entry.account for entry in self.entries if entry.account} | self.accounts_left_out

    def without(self, indexes: Collection[int], replaced: Mapping[int, Entry] = MappingProxyType({})) -> Transcript:
        """Return the transcript without the entries at these indexes, and with replacements for others."""
        if not indexes and not replaced:
            return self
        staying = [index for index in range(len(self.entries)) if index not in indexes]
        places = {index: place for place, index in enumerate(staying)}
        gaps = {place for index, place in places.items() if index - 1 in indexes or index in self.gaps}
        return replace(
            self,
            entries=tuple(replaced.get(index, self.entries[index]) for index in staying),
            duplicates={
                places[one]: places[other] for one, other in self.duplicates.items() if {one, other} <= places.keys()
            },
            gaps=frozenset(gaps),
            accounts_left_out=frozenset(self.accounts),
        )

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def source(self) -> bytes:
        """The exact bytes of the file."""
        return b"".join((self.front.source, *(entry.source for entry in self.entries)))
