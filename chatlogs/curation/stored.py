"""Decisions that come when their messages are there already, as in a database from an older backup."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chatlogs.bulk import in_batches
from chatlogs.curation.deciding import carry_out
from chatlogs.curation.pending import Decision, Match, match
from chatlogs.curation.reading_messages import read_places
from chatlogs.indexing import reindexed
from chatlogs.models import Archive, Erasure, Finding, Message, PendingDecision, Room
from chatlogs.moderation.concealing import read_originals
from chatlogs.moderation.deeds import change_states, conceal_and_settle
from chatlogs.moderation.erasing import empty, keep_shown
from chatlogs.moderation.settling import settle
from chatlogs.moderation.tombstones import Fate, Hasher
from chatlogs.text.veils import Veil, apply_veils
from chatlogs.transcripts import read_entry, rewrite_entry

State = Message.State


def decide_on_stored(keys: Collection[str]) -> None:
    """Carry out the pending decisions of these keys whose messages are here. Within `alone()`."""
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
        concealed = carry_out(matches)
        if concealed.message_ids:
            settle(day_ids=concealed.day_ids, alias_ids=concealed.alias_ids, has_new_texts=True)


def _change_states(messages: Iterable[Message], matches: Mapping[int, Match]) -> None:
    wanted = {one.pk: matches[one.pk].state_instead_of(one.state) for one in messages}
    if differing := [one for one in messages if one.state not in (wanted[one.pk], State.ERASED)]:
        change_states(differing, wanted)


def bury_stored(tombstones: Iterable[Mapping[str, Any]]) -> None:
    """Empty what is here of messages that these say are gone. Their last traces wait for `finish_erasures`."""
    fates = {one["key"]: one for tombstone in tombstones for one in tombstone["messages"] if one["key"]}
    messages: list[Message] = []
    for some in in_batches(sorted(fates)):
        found = Message.objects.with_originals().filter(key__in=some).exclude(state=State.ERASED)
        messages += found.select_related("segment__source_file")
    gone = {Fate.ERASED, Fate.HELD}
    lost = [one for one in messages if fates[one.key]["fate"] in gone or _must_go(one, fates[one.key])]
    if not lost:
        return
    names = {one.alias_id for one in lost} | {one.alias_id for one in read_originals(lost).values()}
    empty(lost)
    settle(day_ids={one.day_id for one in lost}, alias_ids={pk for pk in names if pk}, has_new_texts=True)
    Erasure.objects.filter(pk__in=Erasure.objects.order_by("-pk").values("pk")[:1]).update(finished_at=None)


def _must_go(message: Message, fate: Mapping[str, Any]) -> bool:
    """Whether a message that was redacted for good cannot be brought to say what readers saw then."""
    if fate["fate"] != Fate.REDACTED:
        return False
    segment = getattr(message, "segment", None)
    if segment is None:
        return True
    hasher, encoding = Hasher(Archive.objects.get()), segment.source_file.encoding
    entry = read_entry(bytes(segment.source), encoding)
    if hasher.content(entry) == fate.get("shown"):
        return False
    text = apply_veils(read_originals([message])[message.pk].text, [Veil(*veil) for veil in fate["veils"]])
    rewritten = rewrite_entry(entry, text, encoding)
    if hasher.content(entry) != fate["digest"] or rewritten is None:
        return True
    with reindexed([message.pk]):
        Message.objects.filter(pk=message.pk).update(text=text)
    message.text = text
    keep_shown(message, rewritten)
    settle(day_ids=[message.day_id], alias_ids=(), has_new_texts=True)
    return False


def mask_stored(room: Room) -> None:
    """What is masked as soon as it is found may have changed."""
    if ids := set(
        Finding.objects.filter(message__room=room, state=Finding.State.OPEN).values_list("message_id", flat=True)
    ):
        conceal_and_settle(ids)
