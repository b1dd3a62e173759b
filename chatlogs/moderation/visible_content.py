"""Compute what readers may see of a message from its original and the decisions on it.

A message's row holds what readers see; where that differs from the transcript, an Original holds the rest. Whatever is
derived from rows (pages, search, counters, mentions, downloads) therefore never contains more than readers may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chatlogs.db.bulk import in_batches
from chatlogs.images.thumbnails import remove_when_committed
from chatlogs.models import Image, Link, Mention, MentionedName, Message, Original, PersonalDataMatch, Redaction
from chatlogs.people import OptedOut, read_opted_out
from chatlogs.search.sync import reindexed
from chatlogs.text.masks import BLOCK, Mask, apply_masks, cover_all
from chatlogs.text.urls import read_host


class Content(NamedTuple):
    """The content of a message: its sender's alias, its text, and the URL of its link or image."""

    alias_id: int | None
    text: str
    url: str


@dataclass(slots=True)
class Decisions:
    """All decisions on one message."""

    masks: list[Mask] = field(default_factory=list)
    hides_all: bool = False
    hides_author: bool = False

    def show(self, original: Content) -> Content:
        alias_id = None if self.hides_author else original.alias_id
        if self.hides_all:
            return Content(alias_id, apply_masks(original.text, cover_all()) or BLOCK, "")
        return Content(alias_id, apply_masks(original.text, self.masks), original.url)


@dataclass(slots=True)
class VisibilityChanges:
    """The messages whose rows were changed, their days, and their senders before and after."""

    message_ids: set[int] = field(default_factory=set)
    day_ids: set[int] = field(default_factory=set)
    alias_ids: set[int] = field(default_factory=set)


def refresh_visible_content(
    message_ids: Collection[int], *, outdated: Collection[int] = (), opted_out: OptedOut | None = None
) -> VisibilityChanges:
    """Apply the decisions on these messages to their rows. Called within a transaction.

    `outdated` are the ids of messages whose text has changed since they were redacted. The caller refreshes
    counters and mentions.
    """
    known = read_opted_out() if opted_out is None else opted_out
    changes = VisibilityChanges()
    for some in in_batches(sorted(message_ids)):
        _refresh_batch(some, set(outdated), known, changes)
    return changes


def read_originals(messages: Iterable[Message]) -> dict[int, Content]:
    """Return the original contents by id, of messages loaded with `with_originals`."""
    return {message.pk: read_original(message) for message in messages}


def read_masks(message: Message) -> list[Mask]:
    """Return the masks between the original and the visible text of a message loaded with `with_originals`."""
    decided = _read_decisions([message], read_originals([message]), read_opted_out(), set())[message.pk]
    return cover_all() if decided.hides_all else decided.masks


def read_original(message: Message) -> Content:
    """Return the original content of a message loaded with `with_originals`."""
    original = getattr(message, "original", None)
    if original:
        return Content(original.alias_id, original.text, original.url)
    return _read_row(message)


def _read_row(message: Message) -> Content:
    carried = getattr(message, "link", None) or getattr(message, "image", None)
    return Content(message.alias_id, message.text, carried.url if carried else "")


def _refresh_batch(
    message_ids: Sequence[int], outdated: set[int], opted_out: OptedOut, changes: VisibilityChanges
) -> None:
    messages = list(Message.objects.with_originals().filter(pk__in=message_ids).exclude(state=Message.State.ERASED))
    originals = read_originals(messages)
    decisions = _read_decisions(messages, originals, opted_out, outdated)
    changed: list[tuple[Message, Content]] = []
    for message in messages:
        original = originals[message.pk]
        shown = decisions[message.pk].show(original)
        _store_original(message, original, is_needed=shown != original, is_outdated=message.pk in outdated)
        if shown != _read_row(message):
            changed.append((message, shown))
    with reindexed([message.pk for message, _ in changed]):
        for message, shown in changed:
            changes.message_ids.add(message.pk)
            changes.day_ids.add(message.day_id)
            if message.alias_id != shown.alias_id:
                changes.alias_ids |= {pk for pk in (message.alias_id, shown.alias_id) if pk}
            _update_row(message, shown)


def _store_original(message: Message, original: Content, *, is_needed: bool, is_outdated: bool) -> None:
    stored: Original | None = getattr(message, "original", None)
    if stored and not is_needed:
        stored.delete()
    elif stored and is_outdated:
        Original.objects.filter(pk=stored.pk).update(is_outdated=True)
    elif is_needed and not stored:
        Original.objects.create(
            message=message,
            alias_id=original.alias_id,
            text=original.text,
            url=original.url,
            is_outdated=is_outdated,
        )


def _update_row(message: Message, shown: Content) -> None:
    Message.objects.filter(pk=message.pk).update(text=shown.text, alias_id=shown.alias_id)
    if message.is_withdrawn or message.duplicate_of_id:
        _delete_mentions(message)
    if shown.url != _read_row(message).url:
        _update_url(message, shown)


def _update_url(message: Message, shown: Content) -> None:
    """Replace the link or image. The file of a restored image is matched by the next import."""
    for model in (Link, Image):
        model.objects.filter(message=message).delete()
    remove_when_committed([message.key])
    if shown.url and message.kind == Message.Kind.IMAGE:
        Image.objects.create(message=message, url=shown.url)
    elif shown.url:
        Link.objects.create(message=message, url=shown.url, host=read_host(shown.url))


def _delete_mentions(message: Message) -> None:
    """Delete the mentions of a message that readers do not see; they are not resolved again."""
    names = set(Mention.objects.filter(message=message).values_list("name_id", flat=True))
    Mention.objects.filter(message=message).delete()
    forgotten = MentionedName.objects.filter(pk__in=names, mentions=None)
    forgotten.exclude(method=MentionedName.Method.CHOSEN).delete()


def _read_decisions(
    messages: Sequence[Message], originals: Mapping[int, Content], opted_out: OptedOut, outdated: set[int]
) -> dict[int, Decisions]:
    decisions: defaultdict[int, Decisions] = defaultdict(Decisions)
    ids = [message.pk for message in messages]
    redactions = list(Redaction.objects.filter(message__in=ids).values_list("message_id", "start", "stop"))
    redacted = {message_id for message_id, *_ in redactions}
    for message in messages:
        decided = decisions[message.pk]
        decided.hides_author = message.is_author_hidden
        decided.hides_all = message.pk in redacted and (message.pk in outdated or _is_outdated(message))
        decided.masks += opted_out.in_room(message.room.slug).find_spoken(originals[message.pk].text)
    for message_id, start, stop in redactions:
        if start is None or stop is None:
            decisions[message_id].hides_all = True
        else:
            decisions[message_id].masks.append(Mask(start, stop))
    rooms = {message.pk: message.room for message in messages}
    for match in PersonalDataMatch.objects.filter(message__in=ids).exclude(state=PersonalDataMatch.State.RELEASED):
        if match.state == PersonalDataMatch.State.MASKED or match.kind in rooms[match.message_id].masked_kinds:
            decisions[match.message_id].masks.append(Mask(match.start, match.stop))
    return decisions


def _is_outdated(message: Message) -> bool:
    original = getattr(message, "original", None)
    return original is not None and original.is_outdated
