"""Plans a day: which messages an import creates, changes and withdraws."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef

from chatlogs.importing.matching import match
from chatlogs.importing.reports import Difference, Status
from chatlogs.models import Alias, Message, Redaction, SourceFile
from chatlogs.moderation.visible_content import read_original
from chatlogs.people import NO_SENDER, Speaker, hash_account
from chatlogs.text.accounts import bare_account, is_account, mask_accounts
from chatlogs.transcripts import Entry, Transcript, read_entry


class Content(NamedTuple):
    """The columns of a message that come from its entry.

    `time` is HH:MM:SS; `url` is a link's or an image's address.
    """

    time: str
    speaker: Speaker
    kind: str
    text: str
    url: str


class ContentReader:
    """Derives the contents of one transcript. Its links tell which names are account ids."""

    def __init__(self, transcript: Transcript, account_key: bytes) -> None:
        self._account_key = account_key
        self._accounts = transcript.accounts
        self._speakers: dict[str, Speaker] = {"": NO_SENDER}
        self.contents = [
            Content(
                entry.time.isoformat(),
                self.speaker(entry.sender),
                entry.kind.value,
                mask_accounts(entry.text, self._accounts),
                self._url(entry.link.url if entry.link else entry.image.url if entry.image else ""),
            )
            for entry in transcript.entries
        ]

    def speaker(self, sender: str) -> Speaker:
        speaker = self._speakers.get(sender)
        if speaker is None:
            if is_account(sender, self._accounts):
                speaker = Speaker("", hash_account(self._account_key, bare_account(sender)))
            else:
                speaker = Speaker(mask_accounts(sender, self._accounts), "")
            self._speakers[sender] = speaker
        return speaker

    def _url(self, url: str) -> str:
        return url if url == mask_accounts(url) else ""


# Stored for a file of which something was erased: its digest would let others test guesses of the erased words.
UNKNOWN_DIGEST = ""

# A file that loses more messages than this, and more than half of its day, is probably damaged.
WITHDRAWALS_ALWAYS_ALLOWED = 10


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day in the database: `live` messages in file order, then the withdrawn ones."""

    source_file: SourceFile
    messages: Sequence[Message]
    live: int


@dataclass(frozen=True)
class DayPlan:
    """What importing a transcript would do to its day.

    `matches` has the index of the stored message for each entry, or None. `created` and `changed` are indexes of
    entries, `withdrawn` of stored messages. `speaker` is the day's speaker. `misses_erased` tells whether the
    transcript lacks erased messages. `known_keys` are the keys of entries that a tombstone lists.
    """

    transcript: Transcript
    contents: Sequence[Content]
    speaker: Speaker
    stored: StoredDay | None
    matches: Sequence[int | None]
    created: Sequence[int]
    changed: Sequence[int]
    withdrawn: Sequence[int]
    misses_erased: bool = False
    known_keys: Mapping[int, str] = field(default_factory=dict)

    @property
    def stored_messages(self) -> Sequence[Message]:
        """The messages that `matches` and `withdrawn` index."""
        return self.stored.messages if self.stored else ()

    @property
    def outcomes(self) -> Counter[str]:
        """Numbers of messages by outcome."""
        return Counter(
            created=len(self.created),
            changed=len(self.changed),
            unchanged=len(self.contents) - len(self.created) - len(self.changed),
            withdrawn=len(self.withdrawn),
        )

    def status(self, sha256: str) -> Status:
        """Return the outcome of a file with this digest."""
        if self.stored is None:
            return Status.CREATED
        differs = self.created or self.changed or self.withdrawn or self.has_other_speaker
        if differs or self.stored.source_file.sha256 not in (sha256, UNKNOWN_DIGEST):
            return Status.CHANGED
        return Status.CHANGED if self.has_other_source else Status.UNCHANGED

    @property
    def has_other_source(self) -> bool:
        """Whether the transcript's bytes, without those of erased messages, have changed."""
        if self.stored is None:
            return True
        live = self.stored.messages[: self.stored.live]
        sources = [bytes(message.segment.source) for message in live]
        front = bytes(self.stored.source_file.front)
        return (front, sources) != (self.transcript.front.source, [entry.source for entry in self.transcript.entries])

    @property
    def loses_too_much(self) -> bool:
        live = self.stored.live if self.stored else 0
        lost = len(self.withdrawn)
        return lost > WITHDRAWALS_ALWAYS_ALLOWED and lost > live / 2

    @property
    def absent(self) -> list[Message]:
        """The stored messages that are not in the transcript, withdrawn now or before."""
        present = {index for index in self.matches if index is not None}
        return [message for index, message in enumerate(self.stored_messages) if index not in present]

    def state_of_changed(self, index: int) -> str:
        """Return the state of a changed entry's message: no edit may reveal a moderated one.

        A hidden message's duplicate stays hidden when it becomes a separate message. If a moderated message was
        changed or is gone, another one of the same time and sender may now have its words: that one is held.
        """
        place = self.matches[index]
        assert place is not None, "what changed was matched"
        message = self.stored_messages[place]
        if _is_moderated(message):
            return message.state
        former = self._stored_by_id.get(message.duplicate_of_id)
        if former and _is_moderated(former):
            return former.state if former.state != Message.State.SHOWN else Message.State.HELD
        has_new_text = read_original(message).text != self.contents[index].text
        if has_new_text and (message.time, read_original(message).alias_id) in self._moderated_and_changed:
            return Message.State.HELD
        return message.state

    @cached_property
    def _stored_by_id(self) -> dict[int | None, Message]:
        return {message.pk: message for message in self.stored_messages}

    @cached_property
    def _moderated_and_changed(self) -> set[tuple[dt.time, int | None]]:
        """Time and sender of moderated messages whose text is not in the transcript any more."""
        messages = self.stored_messages
        same = {
            place
            for index, place in enumerate(self.matches)
            if place is not None and read_original(messages[place]).text == self.contents[index].text
        }
        return {
            (message.time, read_original(message).alias_id)
            for place, message in enumerate(messages)
            if _is_moderated(message) and place not in same
        }

    @property
    def has_other_speaker(self) -> bool:
        return self.stored is not None and _stored_speaker(self.stored.source_file.day.speaker) != self.speaker

    @property
    def holds_new_messages(self) -> bool:
        """Whether a moderated message of the day is gone: a new message could be the same one in other words."""
        return any(_is_moderated(message) for message in self.absent) or (
            self.stored is not None and self.misses_erased
        )


def _is_moderated(message: Message) -> bool:
    """Whether a moderator hid the message, its author or a part of its text."""
    is_redacted: bool = getattr(message, "is_redacted", False)
    return message.state != Message.State.SHOWN or message.is_author_hidden or is_redacted


def load_stored_day(room: str, date: dt.date) -> StoredDay | None:
    source_file = (
        SourceFile.objects.select_related("day__room", "day__speaker__original_name")
        .filter(day__room__slug=room, day__date=date)
        .first()
    )
    if source_file is None:
        return None
    messages = list(
        # Erased messages have no segment, and are no part of the transcript any more.
        Message.objects.with_originals()
        .filter(day_id=source_file.day_id, segment__isnull=False)
        .annotate(is_redacted=Exists(Redaction.objects.filter(message=OuterRef("pk"))))
        .select_related("segment")
        .order_by(F("segment__number").asc(nulls_last=True), "key")
    )
    live = sum(not message.is_withdrawn for message in messages)
    return StoredDay(source_file, messages, live)


def plan_day(transcript: Transcript, stored: StoredDay | None, account_key: bytes) -> DayPlan:
    """Compare a transcript with the stored day."""
    reader = ContentReader(transcript, account_key)
    same_name = (entry.sender for entry in transcript.entries if entry.sender.strip() == transcript.speaker)
    speaker = reader.speaker(next(same_name, transcript.speaker))
    everything = range(len(transcript.entries))
    if stored is None:
        nothing: list[int | None] = [None] * len(transcript.entries)
        return DayPlan(transcript, reader.contents, speaker, None, nothing, everything, (), ())
    matches = match(read_stored_entries(stored), transcript.entries, stored.live)
    return DayPlan(
        transcript,
        reader.contents,
        speaker,
        stored,
        matches,
        created=[index for index in everything if matches[index] is None],
        changed=_changed(transcript, reader.contents, stored, matches),
        withdrawn=sorted(set(range(stored.live)) - set(matches)),
    )


def read_stored_entries(stored: StoredDay | None) -> list[Entry]:
    """Parse the stored messages' sources, in the order of `stored.messages`."""
    if stored is None:
        return []
    encoding = stored.source_file.encoding
    return [read_entry(bytes(message.segment.source), encoding) for message in stored.messages]


def _changed(
    transcript: Transcript,
    contents: Sequence[Content],
    stored: StoredDay,
    matches: Sequence[int | None],
) -> list[int]:
    places = {message.pk: place for place, message in enumerate(stored.messages)}
    changed = []
    for index, place in enumerate(matches):
        if place is None:
            continue
        message = stored.messages[place]
        shown = transcript.duplicates.get(index)
        duplicate_of = None if shown is None else (matches[shown], shown)
        was_duplicate_of = places.get(message.duplicate_of_id) if message.duplicate_of_id else None
        if (
            message.is_withdrawn
            or stored_content(message) != contents[index]
            or (duplicate_of is None) != (was_duplicate_of is None)
            or (duplicate_of is not None and duplicate_of[0] != was_duplicate_of)
        ):
            changed.append(index)
    return changed


def stored_content(message: Message) -> Content:
    """Return what the message said when it was imported, even if moderators hid it."""
    hidden = getattr(message, "original", None)
    speaker = _stored_speaker(hidden.alias if hidden else message.alias)
    original = read_original(message)
    return Content(message.time.isoformat(), speaker, message.kind, original.text, original.url)


def _stored_speaker(alias: Alias | None) -> Speaker:
    if alias is None:
        return NO_SENDER
    named = alias.original_name if alias.is_opted_out else alias
    return Speaker(named.name, named.account_hash)


def find_differences(plan: DayPlan) -> list[Difference]:
    """Return the plan message by message, in the order of time."""
    created = [("+", plan.contents[index]) for index in plan.created]
    changed = [("~", plan.contents[index]) for index in plan.changed]
    withdrawn = [("-", stored_content(plan.stored_messages[index])) for index in plan.withdrawn]
    return [
        Difference(sign, content.time, content.speaker.name, content.text)
        for sign, content in sorted(created + changed + withdrawn, key=lambda pair: pair[1].time)
    ]
