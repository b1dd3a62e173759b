"""Keep erased and redacted content out of later imports and rebuilt databases."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

from django.utils import timezone

from chatlogs.models import Archive, Tombstone
from chatlogs.text.accounts import mask_accounts
from chatlogs.text.masks import Mask, apply_masks
from chatlogs.transcripts import Entry, Transcript, rewrite_entry

# Bytes. Two texts have the same digest once in sixteen million.
DIGEST_SIZE = 3


class Outcome(StrEnum):
    """What happened to a message that a tombstone lists."""

    ERASED = "erased"
    REDACTED = "redacted"
    KEPT = "kept"
    HELD = "held"


class TombstoneEntry(NamedTuple):
    """An erased message that is still in a transcript."""

    key: str
    time: dt.time


# The number of stored entries by time, sender and digest.
Known = Counter[tuple[dt.time, str, str]]


@dataclass(slots=True)
class Withheld:
    """A transcript without its erased messages, and what was left out.

    `keys` maps indexes of entries to the keys of messages listed beside erased ones. `is_partial`: something was left
    out or rewritten. `misses_erased`: an erased message was not found, so that a new one may be an edited form of it.
    """

    transcript: Transcript
    graves: list[TombstoneEntry] = field(default_factory=list)
    changed: list[Tombstone] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    is_partial: bool = False
    misses_erased: bool = False


class Hasher:
    """Keyed hashes of content that is never stored."""

    def __init__(self, archive: Archive) -> None:
        self._key = bytes(archive.key)

    def sender(self, room: str, date: dt.date, sender: str) -> str:
        return self._hash(f"sender\0{room}\0{date}\0{sender}", 16)

    def content(self, entry: Entry) -> str:
        url = entry.link.url if entry.link else entry.image.url if entry.image else ""
        return self._hash(f"content\0{entry.kind}\0{entry.text}\0{url}", DIGEST_SIZE)

    def _hash(self, value: str, size: int) -> str:
        return blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=size).hexdigest()


class Tombstones:
    """The tombstones of one room."""

    def __init__(self, archive: Archive, room: str) -> None:
        self._hasher = Hasher(archive)
        self._by_date: defaultdict[dt.date, list[Tombstone]] = defaultdict(list)
        for tombstone in Tombstone.objects.filter(room=room):
            self._by_date[tombstone.date].append(tombstone)

    def withhold(
        self, transcript: Transcript, encoding: str, read_stored: Callable[[], Iterable[Entry]] = tuple
    ) -> Withheld:
        """Return what the import may take in of a transcript. The caller saves `changed`.

        `read_stored` returns the stored entries of the day.
        """
        assert transcript.date is not None, "a transcript without a date is rejected"
        tombstones = self._by_date.get(transcript.date, [])
        if not tombstones:
            return Withheld(transcript)
        return _Withholding(transcript, tombstones, self._hasher, encoding, read_stored).carry_out()

    def taken_keys(self, date: dt.date) -> set[str]:
        """Return the keys of a day that no other message may get."""
        listed = [one for tombstone in self._by_date.get(date, []) for one in tombstone.messages]
        return {one["key"] for one in listed if one["outcome"] in (Outcome.ERASED, Outcome.HELD) and one["key"]}


def mask_repeatedly(text: str, purges: Iterable[Iterable[Sequence[Any]]]) -> str:
    """Apply the masks of one purge after another. Each purge counts places in the text that the one before left."""
    for masks in purges:
        text = apply_masks(text, [Mask(*mask) for mask in masks])
    return text


class _Withholding:
    def __init__(
        self,
        transcript: Transcript,
        tombstones: Sequence[Tombstone],
        hasher: Hasher,
        encoding: str,
        read_stored: Callable[[], Iterable[Entry]],
    ) -> None:
        self._transcript = transcript
        self._read_stored = read_stored
        self._hasher = hasher
        self._encoding = encoding
        self._tombstones = {(one.time, one.sender): one for one in tombstones}
        self._result = Withheld(transcript)
        self._left_out: set[int] = set()
        self._replaced: dict[int, Entry] = {}
        self._not_found: list[tuple[Tombstone, dict[str, Any]]] = []
        self._outcomes: dict[int, dict[str, Any]] = {}

    def carry_out(self) -> Withheld:
        groups, others = self._group()
        for key, tombstone in [*self._tombstones.items()]:
            self._apply(tombstone, groups.get(key, []))
        self._look_elsewhere(others)
        self._treat_duplicates_alike()
        self._result.transcript = self._transcript.without(self._left_out, self._replaced)
        staying = [index for index in range(len(self._transcript.entries)) if index not in self._left_out]
        outcomes = {place: self._outcomes[index] for place, index in enumerate(staying) if index in self._outcomes}
        self._result.keys = {place: one["key"] for place, one in outcomes.items() if one["key"]}
        self._result.is_partial = bool(self._left_out or self._replaced)
        self._result.misses_erased = any(lost["digest"] and lost["key"] for _, lost in self._not_found)
        return self._result

    def _group(self) -> tuple[dict[tuple[dt.time, str], list[int]], list[tuple[int, str]]]:
        """Return the indexes of entries by tombstone, and the others with the hashes of their senders."""
        date = self._transcript.date
        assert date is not None
        senders: dict[str, str] = {}
        groups: defaultdict[tuple[dt.time, str], list[int]] = defaultdict(list)
        others = []
        for index, entry in enumerate(self._transcript.entries):
            if entry.sender not in senders:
                senders[entry.sender] = self._hasher.sender(self._transcript.room, date, entry.sender)
            key = (entry.time, senders[entry.sender])
            if key in self._tombstones:
                groups[key].append(index)
            else:
                others.append((index, key[1]))
        return groups, others

    def _apply(self, tombstone: Tombstone, indexes: list[int]) -> None:
        """Treat entries with a listed digest as listed, and hold the others for review."""
        waiting = list(tombstone.messages)
        unknown = []
        for index in indexes:
            digest = self._hasher.content(self._transcript.entries[index])
            known = next((one for one in waiting if digest in (one["digest"], one.get("shown"))), None)
            if known is None:
                unknown.append((index, digest))
                continue
            waiting.remove(known)
            self._apply_outcome(index, digest, known)
        lost = [one for one in waiting if one["outcome"] != Outcome.KEPT]
        for index, digest in unknown:
            self._hold(tombstone, index, digest, lost.pop(0) if lost else None)
        self._not_found += [(tombstone, one) for one in lost]

    def _apply_outcome(self, index: int, digest: str, known: dict[str, Any]) -> None:
        entry = self._transcript.entries[index]
        self._outcomes[index] = known
        if known["outcome"] in (Outcome.ERASED, Outcome.HELD):
            self._left_out.add(index)
            self._result.graves.append(TombstoneEntry(known["key"], entry.time))
        elif known["outcome"] == Outcome.REDACTED and digest != known.get("shown"):
            text = mask_accounts(entry.text, self._transcript.accounts)
            text = mask_repeatedly(text, [known["masks"], *known.get("later_masks", ())])
            rewritten = rewrite_entry(entry, text, self._encoding)
            if rewritten is None:
                self._left_out.add(index)
            else:
                self._replaced[index] = rewritten

    def _hold(self, tombstone: Tombstone, index: int, digest: str, lost: dict[str, Any] | None) -> None:
        """Leave an entry out for review: it may be an edited form of an erased message."""
        self._left_out.add(index)
        if lost:
            lost |= {"digest": digest, "outcome": Outcome.HELD.value}
            self._result.graves.append(TombstoneEntry(lost["key"], self._transcript.entries[index].time))
        else:
            lost = {"digest": digest, "key": "", "outcome": Outcome.HELD.value}
            tombstone.messages.append(lost)
        self._outcomes[index] = lost
        self._note(tombstone)

    def _look_elsewhere(self, others: Iterable[tuple[int, str]]) -> None:
        """Look for missing messages at another time of the same sender, or at the same time of another sender."""
        if not self._not_found:
            return
        stored = Known((one.time, one.sender, self._hasher.content(one)) for one in self._read_stored())
        for index, sender in others:
            entry = self._transcript.entries[index]
            digest = self._hasher.content(entry)
            if stored[entry.time, entry.sender, digest]:
                stored[entry.time, entry.sender, digest] -= 1
                continue
            for place, (tombstone, lost) in enumerate(self._not_found):
                if digest == lost["digest"] and (entry.time == tombstone.time or sender == tombstone.sender):
                    del self._not_found[place]
                    self._move(tombstone, lost, index, sender)
                    break

    def _move(self, tombstone: Tombstone, lost: dict[str, Any], index: int, sender: str) -> None:
        """Move the listing of an erased message to the time and sender where it was found."""
        tombstone.messages = [one for one in tombstone.messages if one is not lost]
        self._note(tombstone, is_holding=tombstone.is_holding)
        held = {"digest": lost["digest"], "key": lost["key"], "outcome": Outcome.HELD.value}
        self._list(index, sender, held)
        self._apply_outcome(index, lost["digest"], held)

    def _treat_duplicates_alike(self) -> None:
        """Treat both copies of a message in a merged export alike."""
        date = self._transcript.date
        assert date is not None
        for pair in self._transcript.duplicates.items():
            for index, other in (pair, pair[::-1]):
                outcome = self._outcomes.get(index)
                if outcome is None or outcome["outcome"] == Outcome.KEPT or other in self._outcomes:
                    continue
                entry = self._transcript.entries[other]
                digest = self._hasher.content(entry)
                shared = {**outcome, "digest": digest, "key": ""}
                sender = self._hasher.sender(self._transcript.room, date, entry.sender)
                self._list(other, sender, shared)
                self._apply_outcome(other, digest, shared)

    def _list(self, index: int, sender: str, outcome: dict[str, Any]) -> None:
        """List an outcome under the time and sender of this entry; other entries there are listed as kept."""
        time, name = self._transcript.entries[index].time, self._transcript.entries[index].sender
        tombstone = self._tombstones.get((time, sender))
        if tombstone is None:
            entries = enumerate(self._transcript.entries)
            kept = [
                {"digest": self._hasher.content(one), "key": "", "outcome": Outcome.KEPT.value}
                for place, one in entries
                if (one.time, one.sender) == (time, name) and place != index
            ]
            room, date = self._transcript.room, self._transcript.date
            assert date is not None, "a transcript without a date is rejected"
            tombstone = Tombstone(room=room, date=date, time=time, sender=sender, messages=kept)
            self._tombstones[time, sender] = tombstone
        else:
            kept = [
                one
                for one in tombstone.messages
                if (one["outcome"], one["digest"]) == (Outcome.KEPT, outcome["digest"])
            ]
            tombstone.messages = [one for one in tombstone.messages if one is not next(iter(kept), None)]
        tombstone.messages.append(outcome)
        self._note(tombstone, is_holding=tombstone.is_holding or outcome["outcome"] == Outcome.HELD)

    def _note(self, tombstone: Tombstone, *, is_holding: bool = True) -> None:
        tombstone.is_holding = is_holding
        tombstone.changed_at = timezone.now()
        if tombstone not in self._result.changed:
            self._result.changed.append(tombstone)
