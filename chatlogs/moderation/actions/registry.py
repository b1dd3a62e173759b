"""The types of entries in `ModerationAction.changes`: how each is recognised, described and undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, ClassVar, TypeVar

from django.db import models

from chatlogs.models import ModerationAction

# An entry as it is stored: plain JSON.
Change = dict[str, Any]

# Makes a link in the admin from the name of a key, such as "message", and its value in an entry.
MakeLink = Callable[[str, Any], str]


class ChangeType:
    """A type of entry: subclass it beside the action that writes the entries, and decorate the class with `register`.

    An entry is recognised by its keys: it has all of `keys`, any of `optional_keys`, and no others.
    """

    keys: ClassVar[set[str]]
    optional_keys: ClassVar[set[str]] = set()
    # The key of what was changed: message, day, room, name, member, highlight or tombstone.
    subject: ClassVar[str]
    # Permissions of which a moderator needs one to undo such a change. Without any, `undo` refuses it for everybody.
    undo_permissions: ClassVar[Sequence[str]] = ()
    # Whether other messages change with it; their entries follow in the same action.
    has_message_entries: ClassVar[bool] = False
    # Whether to undo entries of this type after all others of the action.
    is_undone_last: ClassVar[bool] = False

    def matches(self, change: Mapping[str, Any]) -> bool:
        """Tell types with the same keys apart by the values of an entry."""
        return True

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        """Return what happened to the subject, for the log in the admin."""
        raise NotImplementedError

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        """Reverse those of these entries of `action` that are still in force, and return entries of the reversal.

        Called within `locked_archive()`. Raises ActionRefused for changes that nobody can undo.
        """
        return []


Type = TypeVar("Type", bound=ChangeType)

_types_by_keys: dict[frozenset[str], list[ChangeType]] = {}


def register(change_type: type[Type]) -> type[Type]:
    """Add a type of entry to the registry."""
    instance = change_type()
    for count in range(len(change_type.optional_keys) + 1):
        for optional in combinations(sorted(change_type.optional_keys), count):
            keys = frozenset(change_type.keys | set(optional))
            _types_by_keys.setdefault(keys, []).append(instance)
    return change_type


def find_change_type(change: Mapping[str, Any]) -> ChangeType | None:
    """Return the type of a stored entry, or None for one that this version does not know."""
    candidates = _types_by_keys.get(frozenset(change), ())
    return next((one for one in candidates if one.matches(change)), None)


def describe_transition(choices: type[models.TextChoices], values: Sequence[str | None]) -> str:
    """Return "before → after" in the labels of the choices."""
    before, after = (label_of(choices, value) for value in values)
    return f"{before} → {after}"


def label_of(choices: type[models.TextChoices], value: str | None) -> str:
    return str(choices(value).label) if value in choices.values else value or "-"
