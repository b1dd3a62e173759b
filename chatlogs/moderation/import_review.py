"""What an erasure holds back until a moderator has looked into the transcript."""

from __future__ import annotations

from typing import Any, Unpack

from django.utils.translation import gettext

from chatlogs.audit import Refused, Why, alone, record
from chatlogs.models import ModerationAction, SourceFile, Tombstone
from chatlogs.moderation.tombstones import Fate


@alone()
def let_in(tombstone: Tombstone, **why: Unpack[Why]) -> ModerationAction:
    """What is held back is something else than what was erased: the next import brings it."""
    return _decide(tombstone, Fate.KEPT, why)


@alone()
def keep_out(tombstone: Tombstone, **why: Unpack[Why]) -> ModerationAction:
    """What is held back is what was erased, in other words or at another time: it stays out."""
    return _decide(tombstone, Fate.ERASED, why)


def count_held(tombstone: Tombstone) -> int:
    return sum(one["fate"] == Fate.HELD for one in tombstone.messages)


def _decide(tombstone: Tombstone, fate: Fate, why: Why) -> ModerationAction:
    current = Tombstone.objects.get(pk=tombstone.pk)
    held = [one for one in current.messages if one["fate"] == Fate.HELD]
    if not held:
        raise Refused(gettext("Nothing is held back there any more."))
    for one in held:
        one["fate"] = fate.value
    if fate is Fate.KEPT:
        # The place of what was erased stays taken: what comes in gets an address of its own.
        taken = [{"digest": "", "key": one["key"], "fate": Fate.ERASED.value} for one in held if one["key"]]
        for one in held:
            one["key"] = ""
        current.messages += taken
    current.is_holding = False
    current.save()
    # As if the file had changed, so that it is read again.
    SourceFile.objects.filter(day__room__slug=current.room, day__date=current.date).update(size=0, sha256="")
    return record(ModerationAction.Verb.REVIEW, [_describe(current, len(held), fate)], **why)


def _describe(tombstone: Tombstone, count: int, fate: Fate) -> dict[str, Any]:
    place = [tombstone.room, tombstone.date.isoformat(), tombstone.time.isoformat()]
    return {"tombstone": place, "messages": count, "fate": ["held", fate.value]}
