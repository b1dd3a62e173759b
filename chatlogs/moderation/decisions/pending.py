"""Match decisions with messages that an import brings, and read and write timestamps of the file.

Timestamps are in UTC, so that two exports of the same state are equal.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple, NotRequired, TypedDict, TypeVar

from chatlogs.models import Archive, Message, PendingDecision
from chatlogs.people import NO_SENDER, Speaker, make_member_key


def write_timestamp(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def read_timestamp(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment)


def read_optional_timestamp(moment: str | None) -> dt.datetime | None:
    return read_timestamp(moment) if moment else None


Id = TypeVar("Id", bound=Hashable)
State = Message.State

RESTRICTED = (State.HIDDEN, State.HELD)


class RedactionForm(TypedDict):
    """Without `start` and `stop`, of the whole message. `action` is a row's id; in the file, its number in the log."""

    start: int | None
    stop: int | None
    action: int


class FindingForm(TypedDict):
    start: int
    stop: int
    kind: str
    state: str


class MentionForm(TypedDict):
    """A mention resolved on its own, and the key of the name that it means."""

    start: int
    text: str
    name: str | None


class Remains(TypedDict):
    """What readers still see of a message whose source was purged."""

    kind: str
    text: str


class Decision(TypedDict):
    """All decisions on one message.

    `name` is the key of the member created with the sender's name; `digest` tells whether a text is the one that was
    decided on. Of an erased message both are empty, and so is `time`. `state` is present if an import would set
    another one.
    """

    key: str
    room: str
    date: str
    time: str
    name: str
    digest: str
    state: NotRequired[str]
    is_author_hidden: NotRequired[bool]
    is_outdated: NotRequired[bool]
    is_withdrawn: NotRequired[bool]
    redactions: NotRequired[list[RedactionForm]]
    personal_data_matches: NotRequired[list[FindingForm]]
    mentions: NotRequired[list[MentionForm]]
    removal_requests: NotRequired[list[str]]
    remains: NotRequired[Remains]


class Place(NamedTuple):
    """What a message is recognised by in another database."""

    key: str
    time: str
    name: str
    digest: str


class Match(NamedTuple):
    """A decision and whether the message has the same text as when it was made."""

    decision: Decision
    is_same: bool

    def state_instead_of(self, usual: str) -> str:
        """Return the state to set: hidden messages stay hidden with an edited text, shown ones do not stay shown."""
        wanted = self.decision.get("state", usual)
        return wanted if self.is_same or wanted in RESTRICTED else usual


class New(NamedTuple):
    """A message that an import is about to write."""

    key: str
    time: str
    speaker: Speaker
    text: str


class Pending:
    """The pending decisions of one room."""

    def __init__(self, archive: Archive, room: str) -> None:
        self._archive_key = bytes(archive.key)
        self._room = room
        self._by_date: defaultdict[dt.date, list[Decision]] = defaultdict(list)
        rows = PendingDecision.objects.filter(room=room).order_by("key")
        for date, decision in rows.values_list("date", "decision"):
            self._by_date[date].append(decision)

    def match(self, date: dt.date, messages: Mapping[Id, New]) -> dict[Id, Match]:
        decisions = self._by_date.get(date)
        if not decisions:
            return {}
        return match(decisions, {one: self._place(message) for one, message in messages.items()})

    def match_erased(self, date: dt.date, keys: Mapping[Id, str]) -> dict[Id, Match]:
        decisions = self._by_date.get(date)
        return match(decisions, {one: place_of_erased(key) for one, key in keys.items()}) if decisions else {}

    def waits_for(self, date: dt.date, matched: Iterable[Match]) -> bool:
        """Return whether a hidden message is still missing, so that a new one may be an edited form of it."""
        found = {one.decision["key"] for one in matched}
        waiting = (one for one in self._by_date.get(date, ()) if one["key"] not in found)
        return any(one.get("state") in RESTRICTED for one in waiting)

    def _place(self, new: New) -> Place:
        name = "" if new.speaker == NO_SENDER else make_member_key(self._archive_key, self._room, new.speaker)
        return Place(new.key, new.time, name, digest(self._archive_key, new.text))


def place_of_erased(key: str) -> Place:
    return Place(key, "", "", "")


def digest(archive_key: bytes, text: str) -> str:
    """Return a digest long enough to notice a change, and too short to confirm a guess."""
    return blake2b(text.encode("utf-8", "surrogatepass"), key=archive_key, digest_size=3).hexdigest()


# Most certain first. Withdrawn messages are matched by the exact ones only.
EXACT: Sequence[Callable[[Place], Hashable]] = (
    lambda place: (place.key, place.digest),
    lambda place: (place.digest, place.time, place.name),
)
LIKELY: Sequence[Callable[[Place], Hashable]] = (
    lambda place: place.key,
    lambda place: (place.digest, place.name),
    lambda place: (place.time, place.name),
    lambda place: (place.digest, place.time),
)


def match(
    decisions: Iterable[Decision],
    places: Mapping[Id, Place],
    likely: Sequence[Callable[[Place], Hashable]] = LIKELY,
) -> dict[Id, Match]:
    """Assign decisions to messages by id: exact matches first, then likely ones.

    A message that was edited before the database was rebuilt may have another key.
    """
    waiting = {one["key"]: one for one in decisions}
    matched: dict[Id, Match] = {}
    for identity in EXACT:
        _match_by(identity, list(waiting.values()), waiting, places, matched)
    for identity in likely:
        live = [one for one in waiting.values() if not one.get("is_withdrawn") and one["digest"]]
        _match_by(identity, live, waiting, places, matched)
    return matched


def _match_by(
    identity: Callable[[Place], Hashable],
    decisions: Sequence[Decision],
    waiting: dict[str, Decision],
    places: Mapping[Id, Place],
    matched: dict[Id, Match],
) -> None:
    free: defaultdict[Hashable, list[Id]] = defaultdict(list)
    for one, place in places.items():
        if one not in matched:
            free[identity(place)].append(one)
    for decision in decisions:
        place = Place(decision["key"], decision["time"], decision["name"], decision["digest"])
        if found := free.get(identity(place)):
            one = found.pop(0)
            matched[one] = Match(decision, places[one].digest == decision["digest"])
            del waiting[decision["key"]]
