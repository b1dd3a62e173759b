"""Hide and restore messages and their authors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.db.bulk import in_batches
from chatlogs.models import Day, Message, ModerationAction
from chatlogs.moderation.actions.registry import (
    Change,
    ChangeType,
    MakeLink,
    describe_transition,
    find_change_type,
    register,
)
from chatlogs.moderation.affected import load_messages, with_duplicates
from chatlogs.moderation.refresh import refresh_derived_data, refresh_messages
from chatlogs.moderation.visible_content import read_originals
from chatlogs.people.pseudonyms import find_hidden_names
from chatlogs.search.sync import reindexed

ActionKind, State = ModerationAction.Kind, Message.State


class Part(StrEnum):
    """The part of a message that `hide` hides."""

    TEXT = "text"
    AUTHOR = "author"
    BOTH = "both"


@locked_archive()
def hide(messages: Collection[Message], part: Part = Part.BOTH, **why: Unpack[Justification]) -> ModerationAction:
    """Hide messages, their authors, or both. Readers see a placeholder, without an author, instead of a hidden text."""
    state = None if part is Part.AUTHOR else State.HIDDEN
    is_author_hidden = None if part is Part.TEXT else True
    return _set(messages, ActionKind.HIDE, state, is_author_hidden, why)


@locked_archive()
def restore(messages: Collection[Message], **why: Unpack[Justification]) -> ModerationAction:
    """Show hidden and held messages again, with their authors."""
    return _set(messages, ActionKind.RESTORE, State.SHOWN, False, why)


def _set(
    messages: Collection[Message],
    kind: str,
    state: Message.State | None,
    is_author_hidden: bool | None,
    why: Justification,
) -> ModerationAction:
    ids = with_duplicates([message.pk for message in messages])
    changes: list[Change] = []
    if state is not None:
        changes += change_states(load_messages(ids), dict.fromkeys(ids, state))
    if is_author_hidden is not None:
        changes += change_authors(load_messages(ids), dict.fromkeys(ids, is_author_hidden))
    if not changes:
        raise ActionRefused(gettext("The messages already have this setting, or have been erased."))
    return log_action(kind, changes, **why)


def change_states(messages: Iterable[Message], states: Mapping[int, str]) -> list[Change]:
    """Set the states of messages, by id, and return the entries for the log. Erased messages stay erased.

    Called within `locked_archive()`.
    """
    changed = [one for one in messages if one.state not in (states[one.pk], State.ERASED)]
    ids = [one.pk for one in changed]
    with reindexed(ids):
        for state in {states[pk] for pk in ids}:
            for some in in_batches([pk for pk in ids if states[pk] == state]):
                Message.objects.filter(pk__in=some).update(state=state)
    refresh_derived_data(
        day_ids={one.day_id for one in changed}, alias_ids={one.alias_id for one in changed if one.alias_id is not None}
    )
    return [{"message": one.key, "state": [one.state, states[one.pk]]} for one in changed]


def change_authors(messages: Iterable[Message], hidden: Mapping[int, bool]) -> list[Change]:
    """Hide or show the authors of messages, by message id, and return the entries for the log.

    Called within `locked_archive()`.
    """
    changed = [one for one in messages if one.is_author_hidden != hidden[one.pk] and one.state != State.ERASED]
    for is_hidden in (True, False):
        ids = [one.pk for one in changed if hidden[one.pk] == is_hidden]
        for some in in_batches(ids):
            Message.objects.filter(pk__in=some).update(is_author_hidden=is_hidden)
    refresh_messages([one.pk for one in changed])
    return [{"message": one.key, "author": [one.is_author_hidden, hidden[one.pk]]} for one in changed]


def find_hidden_singly() -> set[str]:
    """Return the keys of messages whose latest message-level action, or its undoing, left them hidden."""
    hidden: set[str] = set()
    kinds = [ActionKind.HIDE, ActionKind.RESTORE, ActionKind.UNDO]
    actions = ModerationAction.objects.filter(kind__in=kinds).order_by("pk")
    for changes in actions.values_list("changes", flat=True).iterator():
        types = [find_change_type(change) for change in changes]
        if any(one and one.has_message_entries for one in types):
            continue
        for change, change_type in zip(changes, types, strict=True):
            if isinstance(change_type, MessageState):
                is_hidden = change["state"][1] == State.HIDDEN and "otherwise" not in change
                (hidden.add if is_hidden else hidden.discard)(change["message"])
    return hidden


def find_hidden_otherwise(messages: Sequence[Message]) -> set[str]:
    """Return the keys of those messages that are hidden with their day, or because their author opted out."""
    days = set(Day.objects.filter(pk__in={one.day_id for one in messages}, is_hidden=True).values_list("pk", flat=True))
    names, originals = find_hidden_names(), read_originals(messages)
    return {one.key for one in messages if one.day_id in days or originals[one.pk].alias_id in names}


def _read(keys: Iterable[str]) -> list[Message]:
    return list(Message.objects.with_originals().filter(key__in=keys).order_by("position"))


@register
class MessageState(ChangeType):
    """`otherwise`: the message stays hidden, but no longer by an action of its own."""

    keys = {"message", "state"}
    optional_keys = {"otherwise"}
    subject = "message"
    undo_permissions = ["hide_message"]
    # What hid a message along with others is undone first, so that the message is not found to be hidden with it.
    is_undone_last = True

    def matches(self, change: Mapping[str, Any]) -> bool:
        return bool(change["state"][1] != State.ERASED)

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return describe_transition(State, change["state"])

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        former = {change["message"]: change["state"] for change in changes}
        messages = [one for one in _read(former) if one.state == former[one.key][1]]
        otherwise = find_hidden_otherwise(messages)
        staying = [one for one in messages if former[one.key][0] == State.SHOWN and one.key in otherwise]
        again = {change["message"] for change in changes if "otherwise" in change} & {one.key for one in messages}
        moving = [one for one in messages if one not in staying]
        hidden = [State.HIDDEN.value] * 2
        return [
            *change_states(moving, {one.pk: former[one.key][0] for one in moving}),
            *({"message": one.key, "state": hidden, "otherwise": True} for one in staying),
            *({"message": key, "state": hidden} for key in sorted(again)),
        ]


@register
class MessageAuthor(ChangeType):
    keys = {"message", "author"}
    subject = "message"
    undo_permissions = ["hide_message"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, is_hidden = change["author"]
        return gettext("author hidden") if is_hidden else gettext("author shown")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        former = {change["message"]: change["author"] for change in changes}
        messages = [one for one in _read(former) if one.is_author_hidden == former[one.key][1]]
        return change_authors(messages, {one.pk: former[one.key][0] for one in messages})
