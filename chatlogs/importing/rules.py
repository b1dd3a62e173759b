"""What moderators decided that an import must keep to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chatlogs.identity import OptedOut, read_opted_out
from chatlogs.importing.plans import DayPlan, StoredDay, plan_day
from chatlogs.models import Archive, ModerationAction
from chatlogs.moderation.tombstones import Tombstones, Withheld
from chatlogs.transcripts import Transcript


class Outdated(Exception):
    """Moderators decided something since the rules were read."""


@dataclass(frozen=True)
class Rules:
    """Of one room. `newest_action` is read first: whoever writes makes sure that it still is the newest."""

    newest_action: int
    tombstones: Tombstones
    opted_out: OptedOut

    @classmethod
    def of(cls, archive: Archive, room: str) -> Rules:
        return cls(read_newest_action(), Tombstones(archive, room), read_opted_out())

    def check(self) -> None:
        """Within a transaction that has the Archive's row."""
        if read_newest_action() != self.newest_action:
            raise Outdated

    def plan(
        self, transcript: Transcript, stored: StoredDay | None, account_key: bytes, encoding: str
    ) -> tuple[DayPlan, Withheld]:
        """The plan of what the import may take in, and what it may not."""
        withheld = self.tombstones.withhold(transcript, encoding)
        plan = plan_day(withheld.transcript, stored, account_key)
        blocked = {index for index in plan.created if self.opted_out.is_blocked(plan.contents[index].speaker.name)}
        if blocked:
            withheld = replace(withheld, transcript=withheld.transcript.without(blocked))
            plan = plan_day(withheld.transcript, stored, account_key)
        return plan, withheld


def read_newest_action() -> int:
    return ModerationAction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
