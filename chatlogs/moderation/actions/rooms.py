"""Change who may read a room, and which personal data it masks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import ModerationAction, PersonalDataMatch, Room
from chatlogs.moderation.actions.registry import (
    Change,
    ChangeType,
    MakeLink,
    describe_transition,
    label_of,
    register,
)
from chatlogs.moderation.refresh import refresh_derived_data, refresh_messages

ActionKind = ModerationAction.Kind


@locked_archive()
def set_visibility(room: Room, visibility: str, **why: Unpack[Justification]) -> ModerationAction:
    """Set who may read a room: `visibility` is a Room.Visibility."""
    before = Room.objects.get(pk=room.pk).visibility
    if before == visibility:
        raise ActionRefused(gettext("The room already has this setting."))
    kind = ActionKind.HIDE if visibility == Room.Visibility.HIDDEN else ActionKind.RESTORE
    return log_action(kind, [_change_visibility(room, before, visibility)], **why)


@locked_archive()
def set_masked_kinds(room: Room, kinds: Collection[str], **why: Unpack[Justification]) -> ModerationAction:
    """Set which kinds of personal data a room masks before a moderator decides, including earlier matches."""
    before, after = Room.objects.get(pk=room.pk).masked_kinds, sorted(set(kinds))
    if set(before) == set(after):
        raise ActionRefused(gettext("The room already has this setting."))
    return log_action(ActionKind.REVIEW, [_change_masked_kinds(room, before, after)], **why)


def _change_visibility(room: Room, before: str, after: str) -> Change:
    Room.objects.filter(pk=room.pk).update(visibility=after)
    refresh_derived_data(day_ids=(), alias_ids=())
    return {"room": room.slug, "visibility": [before, after]}


def _change_masked_kinds(room: Room, before: Sequence[str], after: Sequence[str]) -> Change:
    """Matches that a moderator has decided on keep their state."""
    Room.objects.filter(pk=room.pk).update(masked_kinds=list(after))
    found = PersonalDataMatch.objects.filter(
        message__room=room.pk, state=PersonalDataMatch.State.OPEN, kind__in=set(before) ^ set(after)
    )
    refresh_messages(set(found.order_by().values_list("message_id", flat=True)))
    return {"room": room.slug, "masked_kinds": [before, after]}


@register
class RoomVisibility(ChangeType):
    keys = {"room", "visibility"}
    subject = "room"
    undo_permissions = ["hide_message"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return describe_transition(Room.Visibility, change["visibility"])

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        for change in changes:
            before, after = change["visibility"]
            room = Room.objects.filter(slug=change["room"], visibility=after).first()
            if room:
                reversed_changes.append(_change_visibility(room, after, before))
        return reversed_changes


@register
class RoomMaskedKinds(ChangeType):
    keys = {"room", "masked_kinds"}
    subject = "room"
    undo_permissions = ["hide_message"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        before, after = (
            ", ".join(label_of(PersonalDataMatch.Kind, kind) for kind in kinds) or "-"
            for kinds in change["masked_kinds"]
        )
        return gettext("masked automatically: %(before)s → %(after)s") % {"before": before, "after": after}

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        for change in changes:
            before, after = change["masked_kinds"]
            room = Room.objects.filter(slug=change["room"]).first()
            if room and set(room.masked_kinds) == set(after):
                reversed_changes.append(_change_masked_kinds(room, after, before))
        return reversed_changes
