"""Approve or reject imported messages that a tombstone holds back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import ActionRefused, Justification, locked_archive, log_action
from chatlogs.models import ModerationAction, SourceFile, Tombstone
from chatlogs.moderation.actions.registry import ChangeType, MakeLink, register
from chatlogs.moderation.tombstones import Outcome


@locked_archive()
def approve(tombstone: Tombstone, **why: Unpack[Justification]) -> ModerationAction:
    """Let the next import take in messages that are not the erased ones."""
    return _decide(tombstone, Outcome.KEPT, why)


@locked_archive()
def reject(tombstone: Tombstone, **why: Unpack[Justification]) -> ModerationAction:
    """Reject messages that are the erased ones with another text or time."""
    return _decide(tombstone, Outcome.ERASED, why)


def count_held(tombstone: Tombstone) -> int:
    return sum(one["outcome"] == Outcome.HELD for one in tombstone.messages)


def _decide(tombstone: Tombstone, outcome: Outcome, why: Justification) -> ModerationAction:
    current = Tombstone.objects.get(pk=tombstone.pk)
    held = [one for one in current.messages if one["outcome"] == Outcome.HELD]
    if not held:
        raise ActionRefused(gettext("No messages are pending review there any more."))
    for one in held:
        one["outcome"] = outcome.value
    if outcome is Outcome.KEPT:
        # The key of the erased message stays taken: the approved one gets its own.
        taken = [{"digest": "", "key": one["key"], "outcome": Outcome.ERASED.value} for one in held if one["key"]]
        for one in held:
            one["key"] = ""
        current.messages += taken
    current.is_holding = False
    current.save()
    # Mark the file as changed, so that the next import reads it again.
    SourceFile.objects.filter(day__room__slug=current.room, day__date=current.date).update(size=0, sha256="")
    change = {
        "tombstone": [current.room, current.date.isoformat(), current.time.isoformat()],
        "messages": len(held),
        "fate": ["held", outcome.value],
    }
    return log_action(ModerationAction.Kind.REVIEW, [change], **why)


@register
class TombstoneReview(ChangeType):
    """Nothing is left to undo: the next import has read the file by what was decided."""

    keys = {"tombstone", "messages", "fate"}
    subject = "tombstone"
    undo_permissions = ["change_personaldatamatch"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        _before, outcome = change["fate"]
        words = {"kept": gettext("approved"), "erased": gettext("rejected")}
        return f"{change['messages']} × {words.get(outcome, outcome)}"
