"""Apply decisions to messages, when they are imported or already stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from chatlogs.db.bulk import in_batches
from chatlogs.mentions import override_mention
from chatlogs.models import (
    Alias,
    Archive,
    Day,
    Erasure,
    Mention,
    Message,
    PendingDecision,
    PersonalDataMatch,
    Redaction,
    RemovalRequest,
    Room,
)
from chatlogs.moderation.actions.erasure import empty, keep_shown
from chatlogs.moderation.actions.messages import change_states
from chatlogs.moderation.decisions.messages import read_places
from chatlogs.moderation.decisions.pending import Decision, Match, MentionForm, Pending, match
from chatlogs.moderation.refresh import refresh_derived_data, refresh_messages
from chatlogs.moderation.tombstones import Hasher, Outcome, TombstoneEntry, mask_repeatedly
from chatlogs.moderation.visible_content import VisibilityChanges, read_originals, refresh_visible_content
from chatlogs.search.sync import reindexed
from chatlogs.transcripts import read_entry, rewrite_entry

State = Message.State


def decide_on_stored(keys: Collection[str]) -> None:
    """Apply the pending decisions of these keys to stored messages. Called within `locked_archive()`."""
    if not Message.objects.exists():
        return
    by_day: defaultdict[tuple[str, dt.date], list[Decision]] = defaultdict(list)
    for some in in_batches(sorted(keys)):
        for row in PendingDecision.objects.filter(key__in=some).order_by("key"):
            by_day[row.room, row.date].append(row.decision)
    archive_key = bytes(Archive.objects.get().key)
    for (slug, date), decisions in sorted(by_day.items()):
        messages = list(Message.objects.with_originals().filter(room__slug=slug, day__date=date).order_by("pk"))
        matches = match(decisions, read_places(messages, archive_key))
        _change_states([one for one in messages if one.pk in matches], matches)
        changes = carry_out(matches)
        if changes.message_ids:
            refresh_derived_data(day_ids=changes.day_ids, alias_ids=changes.alias_ids, has_new_texts=True)


def _change_states(messages: Iterable[Message], matches: Mapping[int, Match]) -> None:
    wanted = {one.pk: matches[one.pk].state_instead_of(one.state) for one in messages}
    if differing := [one for one in messages if one.state not in (wanted[one.pk], State.ERASED)]:
        change_states(differing, wanted)


def create_stored_tombstone(tombstones: Iterable[Mapping[str, Any]]) -> None:
    """Erase stored messages that these tombstones list as gone. `compact_after_erasure` finishes it."""
    outcomes = {one["key"]: one for tombstone in tombstones for one in tombstone["messages"] if one["key"]}
    messages: list[Message] = []
    for some in in_batches(sorted(outcomes)):
        found = Message.objects.with_originals().filter(key__in=some).exclude(state=State.ERASED)
        messages += found.select_related("segment__source_file")
    gone = {Outcome.ERASED, Outcome.HELD}
    lost = [one for one in messages if outcomes[one.key]["outcome"] in gone or _must_be_erased(one, outcomes[one.key])]
    if not lost:
        return
    names = {one.alias_id for one in lost} | {one.alias_id for one in read_originals(lost).values()}
    empty(lost)
    refresh_derived_data(day_ids={one.day_id for one in lost}, alias_ids={pk for pk in names if pk}, has_new_texts=True)
    Erasure.objects.filter(pk__in=Erasure.objects.order_by("-pk").values("pk")[:1]).update(finished_at=None)


def _must_be_erased(message: Message, outcome: Mapping[str, Any]) -> bool:
    """Purge a stored message like the tombstone's; return True if it must be erased because that is impossible."""
    if outcome["outcome"] != Outcome.REDACTED:
        return False
    segment = getattr(message, "segment", None)
    if segment is None:
        return True
    hasher, encoding = Hasher(Archive.objects.get()), segment.source_file.encoding
    entry = read_entry(bytes(segment.source), encoding)
    if hasher.content(entry) == outcome.get("shown"):
        return False
    rewritten, text = None, read_originals([message])[message.pk].text
    purges = [outcome["masks"], *outcome.get("later_masks", ())]
    # The backup may have been made after the first purge, so that its text has the first masks already.
    for purge in range(len(purges)):
        masked = mask_repeatedly(text, purges[purge:])
        candidate = rewrite_entry(entry, masked, encoding)
        if candidate is not None and hasher.content(candidate) == outcome.get("shown"):
            rewritten, text = candidate, masked
            break
    if rewritten is None:
        return True
    with reindexed([message.pk]):
        Message.objects.filter(pk=message.pk).update(text=text)
    message.text = text
    keep_shown(message, rewritten)
    refresh_derived_data(day_ids=[message.day_id], alias_ids=(), has_new_texts=True)
    return False


def mask_stored(room: Room) -> None:
    """Refresh messages with open matches after the room's masked kinds have changed."""
    if ids := set(
        PersonalDataMatch.objects.filter(message__room=room, state=PersonalDataMatch.State.OPEN).values_list(
            "message_id", flat=True
        )
    ):
        refresh_messages(ids)


ONLY_PLACE = ("key", "room", "date", "time", "name", "digest")


def carry_out(matches: Mapping[int, Match]) -> VisibilityChanges:
    """Apply decisions by message id, in the transaction that wrote the messages. The caller refreshes counters.

    A redaction of another text than the message has now covers all of it until a moderator reviews it.
    """
    if not matches:
        return VisibilityChanges()
    hiding = [pk for pk, one in matches.items() if one.decision.get("is_author_hidden")]
    for some in in_batches(hiding):
        Message.objects.filter(pk__in=some).update(is_author_hidden=True)
    _redact(matches)
    _decide_on_matches(matches)
    _link_requests(matches)
    outdated = {pk for pk, one in matches.items() if _is_outdated(one)}
    changes = refresh_visible_content(matches.keys(), outdated=outdated)
    for message_id, one in matches.items():
        if "remains" in one.decision:
            _restore_remains(message_id, one.decision, changes)
    _delete_applied(matches)
    return changes


def carry_out_on_erased(pending: Pending, day: Day, graves: Sequence[TombstoneEntry]) -> VisibilityChanges:
    """Apply decisions to erased messages that an import has just created."""
    if not graves:
        return VisibilityChanges()
    keys = dict(Message.objects.filter(key__in=[grave.key for grave in graves]).values_list("pk", "key"))
    return carry_out(pending.match_erased(day.date, keys))


def choose_mentions() -> None:
    """Apply the choices for single mentions once these are resolved."""
    for row in PendingDecision.objects.filter(key__in=_find_keys_here()):
        left = [one for one in row.decision.get("mentions", ()) if not _choose(row.key, one)]
        _keep_mentions(row, left)


def _find_keys_here() -> list[str]:
    keys = list(PendingDecision.objects.values_list("key", flat=True))
    return [
        key for some in in_batches(keys) for key in Message.objects.filter(key__in=some).values_list("key", flat=True)
    ]


def _choose(key: str, chosen: MentionForm) -> bool:
    mention = Mention.objects.filter(message__key=key, start=chosen["start"], name__text=chosen["text"]).first()
    if mention is None:
        return False
    override_mention(mention, Alias.objects.get(origin__key=chosen["name"]) if chosen["name"] else None)
    return True


def _keep_mentions(row: PendingDecision, left: list[MentionForm]) -> None:
    if left == row.decision.get("mentions"):
        return
    decision = {name: value for name, value in row.decision.items() if name != "mentions"}
    if left:
        decision["mentions"] = left
    if decision.keys() <= set(ONLY_PLACE):
        row.delete()
    else:
        PendingDecision.objects.filter(pk=row.pk).update(decision=decision)


def _redact(matches: Mapping[int, Match]) -> None:
    wanted = {
        (message_id, redaction["start"], redaction["stop"], redaction["action"])
        for message_id, one in matches.items()
        for redaction in one.decision.get("redactions", ())
    }
    columns = ("message_id", "start", "stop", "action_id")
    there = set()
    for some in in_batches(sorted(matches)):
        there |= set(Redaction.objects.filter(message__in=some).values_list(*columns))
    Redaction.objects.bulk_create(
        Redaction(**dict(zip(columns, row, strict=True))) for row in sorted(wanted - there, key=repr)
    )


def _is_outdated(one: Match) -> bool:
    return bool(one.decision.get("is_outdated") or (one.decision.get("redactions") and not one.is_same))


def _decide_on_matches(matches: Mapping[int, Match]) -> None:
    """Set the states of matches, unless the text has changed: then the import has stored new ones."""
    for message_id, one in matches.items():
        for found in one.decision.get("personal_data_matches", ()) if one.is_same else ():
            PersonalDataMatch.objects.update_or_create(
                message_id=message_id,
                start=found["start"],
                kind=found["kind"],
                defaults={"stop": found["stop"], "state": found["state"]},
            )


def _link_requests(matches: Mapping[int, Match]) -> None:
    linked: defaultdict[str, list[int]] = defaultdict(list)
    for message_id, one in matches.items():
        for reference in one.decision.get("removal_requests", ()):
            linked[reference].append(message_id)
    for removal_request in RemovalRequest.objects.filter(reference__in=linked):
        removal_request.messages.add(*linked[removal_request.reference])


def _restore_remains(message_id: int, decision: Decision, changes: VisibilityChanges) -> None:
    """Restore the block that readers see where a source was purged."""
    alias = Alias.objects.filter(origin__key=decision["name"]).first()
    with reindexed([message_id]):
        Message.objects.filter(pk=message_id).update(
            **decision["remains"], state=decision.get("state", Message.State.SHOWN), alias=alias
        )
    changes.message_ids.add(message_id)
    changes.day_ids |= set(Message.objects.filter(pk=message_id).values_list("day_id", flat=True))
    changes.alias_ids |= {alias.pk} if alias else set()


def _delete_applied(matches: Mapping[int, Match]) -> None:
    """Delete the applied decisions, except single mentions, which wait until mentions are resolved."""
    PendingDecision.objects.filter(key__in=[one.decision["key"] for one in matches.values()]).delete()
    keys = _read_keys([pk for pk, one in matches.items() if one.decision.get("mentions")])
    for message_id, key in keys.items():
        decision = matches[message_id].decision
        left = {name: decision[name] for name in (*ONLY_PLACE, "mentions")} | {"key": key}  # type: ignore[literal-required]
        PendingDecision.objects.create(key=key, room=decision["room"], date=decision["date"], decision=left)


def _read_keys(message_ids: Collection[int]) -> dict[int, str]:
    return dict(Message.objects.filter(pk__in=message_ids).values_list("pk", "key"))
