"""What a transcript says, as frozen records. Parsers yield these and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from chatlogs.text.quotations import Quotation, find_quotation


class Kind(StrEnum):
    """What a message carries. UNSUPPORTED: a header without a body (sticker, voice, red packet …)."""

    TEXT = "text"
    IMAGE = "image"
    LINK = "link"
    FILE = "file"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Link:
    """A shared page. `url` is decoded, and empty where the transcript names no web address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Image:
    """`url` is where the image was once published; most of those hosts are gone."""

    url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the parser did not expect. An error rejects the file, a note only tells.

    `line` counts from 1; 0 stands for the file as a whole.
    """

    line: int
    code: str
    message: str
    is_error: bool = False


class Entry(NamedTuple):
    """One message as the transcript has it. A tuple, because there are so many of them.

    `source` is its exact bytes, header line included. `sender` is the decoded display name, "" where
    the header has none. `text` is decoded too: the words said, or the title of a link, or the name
    of a file. `account` is the private account id at the tail of some links, which belongs to the
    sender of the *next* message: never to be shown or stored in the clear.
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
        """The message that a text replies to, where it quotes one."""
        return find_quotation(self.text) if self.kind is Kind.TEXT else None

    @property
    def is_empty(self) -> bool:
        """Whether the header stands without a body (a body of white space alone is a body)."""
        return self.kind is Kind.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Everything before the first message: the exact bytes, and the fields read from them.

    Text that stands between the front matter and the first message is part of `source`, and
    reported as a problem.
    """

    source: bytes
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One room's messages of one day, with `front.source` + every `source` in order = the file.

    `date` is None only where the file is rejected. `duplicates` maps the index of an entry that repeats
    another one, in a merged export of two phones, to the index of the entry to show. `gaps` are indexes of entries
    before which others were left out, and `accounts_left_out` what stood at the tails of those.
    """

    room: str
    date: dt.date | None
    front: FrontMatter
    entries: tuple[Entry, ...] = ()
    duplicates: Mapping[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    gaps: frozenset[int] = frozenset()
    accounts_left_out: frozenset[str] = frozenset()

    @property
    def accounts(self) -> set[str]:
        """All private account ids at the tails of links."""
        return {entry.account for entry in self.entries if entry.account} | self.accounts_left_out

    def without(self, indexes: Collection[int], replaced: Mapping[int, Entry] = MappingProxyType({})) -> Transcript:
        """The transcript as if these entries had never been in it, and others had said something else."""
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
        """The file, byte for byte."""
        return b"".join((self.front.source, *(entry.source for entry in self.entries)))
