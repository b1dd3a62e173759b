"""Hide and restore all messages of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import Day, Message, ModerationAction
from chatlogs.moderation.actions.messages import change_states, find_hidden_singly
from chatlogs.moderation.actions.registry import Change, ChangeType, MakeLink, register
from chatlogs.moderation.affected import find_of_day, load_messages
from chatlogs.moderation.refresh import refresh_derived_data
from chatlogs.moderation.visible_content import read_originals
from chatlogs.people.pseudonyms import find_hidden_names

ActionKind, State = ModerationAction.Kind, Message.State


@locked_archive()
def hide_day(day: Day, **why: Unpack[Justification]) -> ModerationAction:
    """Hide all messages of a day, and those that later imports add to it."""
    shown = [one for one in load_messages(find_of_day(day)) if one.state == State.SHOWN]
    changes = change_states(shown, dict.fromkeys((one.pk for one in shown), State.HIDDEN))
    return _set(day, True, ActionKind.HIDE, changes, why)


@locked_archive()
def restore_day(day: Day, **why: Unpack[Justification]) -> ModerationAction:
    """Show a day again, except messages hidden by an action of their own or because their author opted out."""
    return _set(day, False, ActionKind.RESTORE, _show_messages(day), why)


def _set(day: Day, is_hidden: bool, kind: str, changes: list[Change], why: Justification) -> ModerationAction:
    current = Day.objects.select_related("room").get(pk=day.pk)
    if current.is_hidden == is_hidden and not changes:
        raise ActionRefused(gettext("The day already has this setting."))
    changes.append(change_day(current, is_hidden))
    refresh_derived_data(day_ids=[day.pk], alias_ids=())
    return log_action(kind, changes, **why)


def change_day(day: Day, is_hidden: bool) -> Change:
    """Set whether a day is hidden, and return the entry for the log. Its messages are the caller's."""
    before = day.is_hidden
    Day.objects.filter(pk=day.pk).update(is_hidden=is_hidden)
    return {"day": [day.room.slug, day.date.isoformat()], "hidden": [before, is_hidden]}


def _show_messages(day: Day) -> list[Change]:
    """Show the messages that were hidden with the day alone."""
    current = [one for one in load_messages(find_of_day(day)) if one.state == State.HIDDEN]
    singly, names, originals = find_hidden_singly(), find_hidden_names(), read_originals(current)
    hidden = [one for one in current if one.key not in singly and originals[one.pk].alias_id not in names]
    return change_states(hidden, dict.fromkeys((one.pk for one in hidden), State.SHOWN))


@register
class DayVisibility(ChangeType):
    keys = {"day", "hidden"}
    subject = "day"
    undo_permissions = ["hide_message"]
    has_message_entries = True

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, is_hidden = change["hidden"]
        return gettext("hidden") if is_hidden else gettext("shown")

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        for change in changes:
            (slug, date), (before, after) = change["day"], change["hidden"]
            day = Day.objects.select_related("room").filter(room__slug=slug, date=date).first()
            if day and day.is_hidden == after:
                reversed_changes.append(change_day(day, before))
                if not before:
                    reversed_changes += _show_messages(day)
                refresh_derived_data(day_ids=[day.pk], alias_ids=())
        return reversed_changes
