"""Export the decisions on messages, including those still pending."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django.db.models import Q

from chatlogs.db.bulk import in_batches
from chatlogs.models import (
    Alias,
    Archive,
    Mention,
    Message,
    PendingDecision,
    PersonalDataMatch,
    Redaction,
    RemovalRequest,
)
from chatlogs.moderation.decisions.pending import Decision, Place, digest
from chatlogs.moderation.import_screening import state_of_new
from chatlogs.moderation.visible_content import read_originals
from chatlogs.people import OptedOut, read_opted_out

State = Message.State

# Lists in a decision, which are sorted.
LISTS = ("redactions", "personal_data_matches", "mentions", "removal_requests")


def read_decisions(numbers: Mapping[int, int]) -> list[Decision]:
    """Return the decisions, sorted by key. `numbers` maps ids of actions to their numbers in the log."""
    decisions = _read_pending()
    for decision in _read_present():
        decisions[decision["key"]] = _unite(decisions.get(decision["key"]), decision)
    return [_in_order(decision, numbers) for _, decision in sorted(decisions.items())]


def read_places(messages: Iterable[Message], archive_key: bytes) -> dict[int, Place]:
    """Return what messages, loaded with `with_originals`, are recognised by in another database."""
    found = list(messages)
    originals = read_originals(found)
    keys = dict(
        Alias.objects.filter(pk__in={one.alias_id for one in originals.values()}).values_list("pk", "origin__key")
    )
    places = {}
    for message in found:
        original = originals[message.pk]
        if message.state == State.ERASED:
            places[message.pk] = Place(message.key, "", "", "")
        else:
            name = keys.get(original.alias_id or 0, "")
            places[message.pk] = Place(message.key, message.time.isoformat(), name, digest(archive_key, original.text))
    return places


def _read_pending() -> dict[str, Decision]:
    return dict(PendingDecision.objects.values_list("key", "decision"))


def _read_present() -> Iterator[Decision]:
    archive_key = bytes(Archive.objects.get().key)
    usual = _UsualStates()
    details = _read_details()
    for some in in_batches(sorted(_find_marked() | details.keys())):
        messages = list(
            Message.objects.with_originals().filter(pk__in=some).select_related("day", "segment").order_by("pk")
        )
        places = read_places(messages, archive_key)
        for message in messages:
            decided = _describe(message, usual) | details[message.pk]
            if decided:
                yield _make(message, places[message.pk], decided)


def _make(message: Message, place: Place, decided: dict[str, Any]) -> Decision:
    known = {"room": message.room.slug, "date": message.day.date.isoformat(), **place._asdict()}
    if "remains" in decided:
        known["digest"] = ""
    if message.is_withdrawn:
        decided = {**decided, "is_withdrawn": True}
    return {**known, **decided}  # type: ignore[typeddict-item]


class _UsualStates:
    """The state that an import would give a message."""

    def __init__(self) -> None:
        self._opted_out = cache(read_opted_out)

    def of(self, message: Message) -> str:
        original = getattr(message, "original", None)
        alias: Alias | None = original.alias if original else message.alias
        opted_out: OptedOut = self._opted_out(message.room.slug)
        if alias is None:
            return state_of_new(message.day, "", opted_out).value
        named = alias.original_name if alias.is_opted_out else alias
        return state_of_new(message.day, named.name, opted_out, named.account_hash).value


def _find_marked() -> set[int]:
    """Return the ids of messages whose rows may hold a decision."""
    conditions = [
        Q(state__in=[State.HIDDEN, State.HELD]),
        Q(is_author_hidden=True),
        Q(day__is_hidden=True),
        Q(alias__is_opted_out=True),
        Q(original__alias__is_opted_out=True),
        Q(original__is_outdated=True),
        Q(segment=None),
    ]
    messages = Message.objects.exclude(state=State.ERASED).order_by()
    return {pk for condition in conditions for pk in messages.filter(condition).values_list("pk", flat=True)}


def _describe(message: Message, usual: _UsualStates) -> dict[str, Any]:
    if message.state == State.ERASED:
        return {}
    decided: dict[str, Any] = {}
    if not hasattr(message, "segment"):
        decided["remains"] = {"kind": message.kind, "text": message.text}
        usual_state: str = State.SHOWN
    else:
        usual_state = usual.of(message)
    if message.state != usual_state:
        decided["state"] = message.state
    if message.is_author_hidden:
        decided["is_author_hidden"] = True
    if hasattr(message, "original") and message.original.is_outdated:
        decided["is_outdated"] = True
    return decided


def _read_details() -> defaultdict[int, dict[str, Any]]:
    """Return the decisions in other tables, by message id."""
    details: defaultdict[int, dict[str, Any]] = defaultdict(dict)

    def add(message_id: int, name: str, value: Any) -> None:
        details[message_id].setdefault(name, []).append(value)

    for message_id, *redaction in Redaction.objects.values_list("message_id", "start", "stop", "action_id"):
        add(message_id, "redactions", dict(zip(("start", "stop", "action"), redaction, strict=True)))
    decided = PersonalDataMatch.objects.exclude(state=PersonalDataMatch.State.OPEN)
    for message_id, *match in decided.values_list("message_id", "start", "stop", "kind", "state"):
        add(message_id, "personal_data_matches", dict(zip(("start", "stop", "kind", "state"), match, strict=True)))
    singles = Mention.objects.filter(name__is_single=True)
    for message_id, *mention in singles.values_list("message_id", "start", "name__text", "name__alias__origin__key"):
        add(message_id, "mentions", dict(zip(("start", "text", "name"), mention, strict=True)))
    for message_id, reference in RemovalRequest.objects.exclude(messages=None).values_list("messages", "reference"):
        add(message_id, "removal_requests", reference)
    return details


def _unite(pending: Decision | None, present: Decision) -> Decision:
    """Merge the pending decisions of an existing message."""
    if pending is None:
        return present
    lists = {name: [*pending.get(name, ()), *present.get(name, ())] for name in LISTS}  # type: ignore[misc]
    return {**pending, **present, **{name: values for name, values in lists.items() if values}}  # type: ignore[typeddict-item]


def _in_order(decision: Decision, numbers: Mapping[int, int]) -> Decision:
    ordered: dict[str, Any] = dict(decision)
    if "redactions" in ordered:
        ordered["redactions"] = [{**one, "action": numbers[one["action"]]} for one in ordered["redactions"]]
    for name in LISTS:
        if name in ordered:
            ordered[name] = sorted(ordered[name], key=lambda one: json.dumps(one, sort_keys=True))
    return ordered  # type: ignore[return-value]
