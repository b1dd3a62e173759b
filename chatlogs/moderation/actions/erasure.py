"""Erase messages, and purge the originals of redacted ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Unpack

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.db.bulk import in_batches
from chatlogs.images.thumbnails import remove_when_committed
from chatlogs.models import (
    Archive,
    Erasure,
    Image,
    Link,
    Mention,
    MentionedName,
    Message,
    ModerationAction,
    Original,
    PersonalDataMatch,
    Redaction,
    RemovalRequest,
    Segment,
    SourceFile,
    Tombstone,
)
from chatlogs.moderation.actions.registry import Change, ChangeType, MakeLink, describe_transition, register
from chatlogs.moderation.affected import load_messages, with_duplicates
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.moderation.scrubbing import find_mentioned_in, forget_mentioned
from chatlogs.moderation.tombstones import Hasher, Outcome
from chatlogs.moderation.visible_content import read_masks, read_originals
from chatlogs.search.sync import reindexed
from chatlogs.transcripts import Entry, read_entry, rewrite_entry

ActionKind, State = ModerationAction.Kind, Message.State

# Models whose rows are deleted with a message.
CARRIED = (Segment, Original, Link, Image, Redaction, PersonalDataMatch)


@locked_archive()
def erase(messages: Collection[Message], **why: Unpack[Justification]) -> ModerationAction:
    """Delete the content and author of messages for good, and keep later imports from restoring them.

    The files of the database may still contain them until `compact_after_erasure` has run.
    """
    ids = with_duplicates([message.pk for message in messages])
    current = [one for one in load_messages(ids, "segment__source_file", "day", "room") if one.state != State.ERASED]
    if not current:
        raise ActionRefused(gettext("The messages have already been erased."))
    _create_tombstones(current, {one.pk: {"outcome": Outcome.ERASED.value} for one in current})
    names = {one.alias_id for one in current} | {one.alias_id for one in read_originals(current).values()}
    empty(current)
    refresh_derived_data(
        day_ids={one.day_id for one in current}, alias_ids={pk for pk in names if pk}, has_new_texts=True
    )
    action = log_action(
        ActionKind.ERASE, [{"message": one.key, "state": [one.state, "erased"]} for one in current], **why
    )
    Erasure.objects.create(action=action)
    if removal_request := why.get("removal_request"):
        # What a requester wrote may quote what is gone.
        RemovalRequest.objects.filter(pk=removal_request.pk).update(
            state=RemovalRequest.State.ERASING, subject="", explanation=""
        )
    return action


@locked_archive()
def purge(before: dt.datetime | None = None) -> ModerationAction | None:
    """Delete originals redacted before a moment, by default ORIGINAL_RETENTION_DAYS ago. None if there are none."""
    moment = before or timezone.now() - dt.timedelta(days=settings.ORIGINAL_RETENTION_DAYS)
    fresh = Redaction.objects.filter(message=OuterRef("message"), action__made_at__gt=moment)
    redacted = Redaction.objects.filter(~Exists(fresh)).values("message")
    due = Message.objects.with_originals().filter(pk__in=redacted, original__is_outdated=False)
    messages = list(due.select_related("segment__source_file", "day", "room"))
    if not messages:
        return None
    kept = {one.pk: rewritten for one in messages if (rewritten := _rewrite(one)) is not None}
    outcomes = {one.pk: _describe_purge(one, kept.get(one.pk)) for one in messages}
    texts = [one.text for one in read_originals(messages).values()]
    _create_tombstones(messages, outcomes)
    for one in messages:
        if one.pk in kept:
            keep_shown(one, kept[one.pk])
    lost = [one for one in messages if one.pk not in kept]
    _drop_sources(lost)
    forget_mentioned(find_mentioned_in(texts, {one.room_id for one in messages}))
    changes = [{"message": one.key, "purged": "text" if one.pk in kept else "source"} for one in messages]
    reason = f"originals kept for {settings.ORIGINAL_RETENTION_DAYS} days"
    action = log_action(ActionKind.PURGE, changes, by=None, category=ModerationAction.Category.OTHER, reason=reason)
    Erasure.objects.create(action=action)
    return action


def empty(messages: Sequence[Message]) -> None:
    ids = [one.pk for one in messages]
    texts = [one.text for one in read_originals(messages).values()]
    with reindexed(ids):
        for some in in_batches(ids):
            names = set(Mention.objects.filter(message__in=some).values_list("name_id", flat=True))
            Mention.objects.filter(message__in=some).delete()
            forget_mentioned(MentionedName.objects.filter(pk__in=names, mentions=None))
            for model in CARRIED:
                model.objects.filter(message__in=some).delete()
            Message.objects.filter(pk__in=some).update(
                text="", alias=None, kind=Message.Kind.UNSUPPORTED, state=State.ERASED, is_author_hidden=False
            )
    forget_mentioned(find_mentioned_in(texts, {one.room_id for one in messages}))
    _clear_digests(messages)
    remove_when_committed([one.key for one in messages])


def find_files(messages: Collection[Message]) -> list[str]:
    """Return the paths in the IMAGES folder of these messages' images. The files are never deleted here."""
    files = Image.objects.filter(message__in=with_duplicates([one.pk for one in messages])).exclude(path="")
    return sorted(set(files.values_list("path", flat=True)))


def _clear_digests(messages: Iterable[Message]) -> None:
    """With the digest of a whole file, a missing part could be guessed."""
    SourceFile.objects.filter(day__in={one.day_id for one in messages}).update(sha256="")


def _create_tombstones(messages: Sequence[Message], outcomes: dict[int, dict[str, Any]]) -> None:
    """Store tombstones of these messages. A tombstone lists all messages of its sender and second."""
    archive = Archive.objects.get()
    hasher = Hasher(archive)
    by_day: defaultdict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_day[message.day_id].append(message)
    for of_day in by_day.values():
        day, room = of_day[0].day, of_day[0].room
        entries = _read_entries(day.pk, {one.time for one in of_day})
        wanted = {(entry.time, entry.sender) for pk, (_, entry) in entries.items() if pk in outcomes}
        for at, sender in sorted(wanted):
            group = [
                {"digest": hasher.content(entry), "key": key, "outcome": Outcome.KEPT.value, **outcomes.get(pk, {})}
                for pk, (key, entry) in entries.items()
                if (entry.time, entry.sender) == (at, sender)
            ]
            place = {
                "room": room.slug,
                "date": day.date,
                "time": at,
                "sender": hasher.sender(room.slug, day.date, sender),
            }
            _merge(place, group)


def _merge(place: dict[str, Any], group: list[dict[str, Any]]) -> None:
    """Merge with an earlier tombstone: erased messages have no entry in `group`, and stay listed."""
    tombstone, _ = Tombstone.objects.get_or_create(**place)
    known = {one["key"]: one for one in tombstone.messages if one["key"]}
    new = Counter(one["digest"] for one in group if one["key"] not in known)
    remaining = []
    for one in tombstone.messages:
        if not one["key"] and one["outcome"] == Outcome.KEPT and new[one["digest"]]:
            new[one["digest"]] -= 1  # Let in, it has a key by now.
        elif not one["key"] or one["key"] not in {message["key"] for message in group}:
            remaining.append(one)
    tombstone.messages = remaining + [_join(known.get(one["key"]), one) for one in group]
    tombstone.is_holding = any(one["outcome"] == Outcome.HELD for one in tombstone.messages)
    tombstone.changed_at = timezone.now()
    tombstone.save()


def _join(before: dict[str, Any] | None, now: dict[str, Any]) -> dict[str, Any]:
    """Combine two listings of a message. The digest stays that of the transcript's text."""
    if before is None or before["outcome"] == Outcome.KEPT:
        return now
    if now["outcome"] == Outcome.REDACTED and before["outcome"] == Outcome.REDACTED:
        return {**before, "later_masks": [*before.get("later_masks", ()), now["masks"]], "shown": now["shown"]}
    return before if now["outcome"] == Outcome.KEPT else {**before, "outcome": now["outcome"]}


def _read_entries(day_id: int, times: Collection[dt.time]) -> dict[int, tuple[str, Entry]]:
    """Return key and entry of the day's messages at these times that have a source, in the transcript's order."""
    segments = Segment.objects.filter(source_file=day_id, message__time__in=times).select_related(
        "message", "source_file"
    )
    return {
        segment.message_id: (
            segment.message.key,
            read_entry(bytes(segment.source), segment.source_file.encoding)._replace(time=segment.message.time),
        )
        for segment in segments.order_by("number", "message_id")
    }


def _rewrite(message: Message) -> Entry | None:
    """Return the entry with the visible text instead of the original; None if it cannot be written that way."""
    segment = getattr(message, "segment", None)
    if segment is None or message.kind != Message.Kind.TEXT:
        return None
    encoding = segment.source_file.encoding
    return rewrite_entry(read_entry(bytes(segment.source), encoding), message.text, encoding)


def _describe_purge(message: Message, rewritten: Entry | None) -> dict[str, Any]:
    """Return what the tombstone lists: how to make the visible text from the transcript's."""
    if rewritten is None:
        return {"outcome": Outcome.ERASED.value}
    hasher = Hasher(Archive.objects.get())
    masks = [list(mask) for mask in read_masks(message)]
    return {"outcome": Outcome.REDACTED.value, "masks": masks, "shown": hasher.content(rewritten)}


def keep_shown(message: Message, rewritten: Entry) -> None:
    Segment.objects.filter(message=message).update(source=rewritten.source)
    Redaction.objects.filter(message=message).delete()
    PersonalDataMatch.objects.filter(message=message).delete()
    if message.is_author_hidden:
        Original.objects.filter(message=message).update(text=message.text, url="")
    else:
        Original.objects.filter(message=message).delete()
    _clear_digests([message])


def _drop_sources(messages: Sequence[Message]) -> None:
    """Delete the sources. Readers still see the block in place of the message."""
    for message in messages:
        for model in (Segment, Original, Redaction, PersonalDataMatch):
            model.objects.filter(message=message).delete()
    _clear_digests(messages)


@register
class MessageErased(ChangeType):
    keys = {"message", "state"}
    subject = "message"

    def matches(self, change: Mapping[str, Any]) -> bool:
        return bool(change["state"][1] == State.ERASED)

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return describe_transition(State, change["state"])

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        raise ActionRefused(gettext("Erased messages cannot be restored."))


@register
class OriginalPurged(ChangeType):
    """`purged` is "text", or "source" where the transcript's source of the message is gone, too."""

    keys = {"message", "purged"}
    subject = "message"

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        if change["purged"] == "source":
            return gettext("redacted content and source purged")
        return gettext("redacted content purged")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        raise ActionRefused(gettext("Erased messages cannot be restored."))
