"""Undo moderation actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import ModerationAction
from chatlogs.moderation.actions.registry import Change, ChangeType, find_change_type
from chatlogs.people import merging

ActionKind = ModerationAction.Kind


def undo(action: ModerationAction, **why: Unpack[Justification]) -> ModerationAction:
    """Reverse what an action changed, as far as nothing has changed it since. Raises ActionRefused."""
    if find_root(action).kind in (ActionKind.MERGE, ActionKind.MOVE, ActionKind.SPLIT):
        return merging.undo(action, by=why["by"], reason=why["reason"])
    with locked_archive():
        if ModerationAction.objects.filter(undoes=action).exists():
            raise ActionRefused(gettext("This action has already been undone."))
        by_type: dict[ChangeType, list[Change]] = {}
        for change in action.changes:
            if change_type := find_change_type(change):
                by_type.setdefault(change_type, []).append(change)
        changes: list[Change] = []
        for change_type in sorted(by_type, key=lambda one: one.is_undone_last):
            changes += change_type.undo(by_type[change_type], action)
        if not changes:
            raise ActionRefused(gettext("Nothing to undo: later actions have changed everything this action changed."))
        return log_action(ActionKind.UNDO, changes, undoes=action, **why)


def find_root(action: ModerationAction) -> ModerationAction:
    """Return the action at the start of a chain of undoings."""
    while action.undoes is not None:
        action = action.undoes
    return action


def get_undo_permissions(action: ModerationAction) -> Sequence[str]:
    """Return the permissions of which one is needed to undo an action; none if `undo` refuses it for everybody."""
    changes = find_root(action).changes
    change_type = find_change_type(changes[0]) if changes else None
    return change_type.undo_permissions if change_type else ()
