"""Decide on personal data that was found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import ModerationAction, PersonalDataMatch
from chatlogs.moderation.actions.registry import (
    Change,
    ChangeType,
    MakeLink,
    describe_transition,
    label_of,
    register,
)
from chatlogs.moderation.affected import with_duplicates
from chatlogs.moderation.refresh import refresh_messages


@locked_archive()
def decide_on_matches(
    matches: Collection[PersonalDataMatch], state: str, **why: Unpack[Justification]
) -> ModerationAction:
    """Mask or release personal data, or leave it open again, also in duplicates of the messages."""
    places = {
        (message_id, one.start, one.kind)
        for one in PersonalDataMatch.objects.filter(pk__in=[one.pk for one in matches])
        for message_id in with_duplicates([one.message_id])
    }
    in_messages = PersonalDataMatch.objects.filter(message__in={message_id for message_id, *_ in places})
    current = [
        one
        for one in in_messages.select_related("message").order_by("pk")
        if (one.message_id, one.start, one.kind) in places
    ]
    changes = [
        {"message": one.message.key, "start": one.start, "kind": one.kind, "state": [one.state, state]}
        for one in current
        if one.state != state
    ]
    if not changes:
        raise ActionRefused(gettext("This has already been decided."))
    PersonalDataMatch.objects.filter(pk__in=[one.pk for one in current]).update(state=state)
    refresh_messages({one.message_id for one in current})
    return log_action(ModerationAction.Kind.REVIEW, changes, **why)


@register
class MatchState(ChangeType):
    keys = {"message", "start", "kind", "state"}
    subject = "message"
    undo_permissions = ["change_personaldatamatch"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        kind = label_of(PersonalDataMatch.Kind, change["kind"])
        return f"{kind}: {describe_transition(PersonalDataMatch.State, change['state'])}"

    def undo(self, changes: Sequence[Change], action: ModerationAction) -> list[Change]:
        reversed_changes = []
        message_ids = set()
        for change in changes:
            before, after = change["state"]
            match = PersonalDataMatch.objects.filter(
                message__key=change["message"], start=change["start"], kind=change["kind"], state=after
            ).first()
            if match:
                PersonalDataMatch.objects.filter(pk=match.pk).update(state=before)
                message_ids.add(match.message_id)
                reversed_changes.append({**change, "state": [after, before]})
        refresh_messages(message_ids)
        return reversed_changes
