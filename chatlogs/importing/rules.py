"""Applies moderators' earlier decisions to imports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection

from chatlogs.importing.plans import DayPlan, StoredDay, plan_day, read_stored_entries
from chatlogs.models import Archive
from chatlogs.moderation.decisions.pending import Pending
from chatlogs.moderation.tombstones import Tombstones, Withheld
from chatlogs.people import OptedOut, read_opted_out
from chatlogs.transcripts import Transcript


class Outdated(Exception):
    """A moderator acted after the rules were read."""


@dataclass(frozen=True)
class Rules:
    """The decisions on one room. `newest_action` is read first and checked again before writing."""

    newest_action: int
    tombstones: Tombstones
    opted_out: OptedOut
    pending: Pending

    @classmethod
    def of(cls, archive: Archive, room: str) -> Rules:
        return cls(read_newest_action(), Tombstones(archive, room), read_opted_out(room), Pending(archive, room))

    def check(self) -> None:
        """Raise Outdated if a moderator acted since. Requires the archive's lock."""
        if read_newest_action() != self.newest_action:
            raise Outdated

    def plan(
        self, transcript: Transcript, stored: StoredDay | None, account_key: bytes, encoding: str
    ) -> tuple[DayPlan, Withheld]:
        """Return the plan of what may be imported, and what is withheld."""
        withheld = self.tombstones.withhold(transcript, encoding, lambda: read_stored_entries(stored))
        plan = plan_day(withheld.transcript, stored, account_key)
        if blocked := self._find_blocked(plan):
            withheld = replace(withheld, transcript=withheld.transcript.without(blocked), is_partial=True)
            plan = plan_day(withheld.transcript, stored, account_key)
            withheld.keys = {}
        taken = {"", *(message.key for message in plan.stored_messages)}
        keys = {index: withheld.keys[index] for index in plan.created if withheld.keys.get(index, "") not in taken}
        return replace(plan, misses_erased=withheld.misses_erased, known_keys=keys), withheld

    def _find_blocked(self, plan: DayPlan) -> set[int]:
        """Return the new entries of people who opted out, and their duplicates in merged exports."""
        blocked = {index for index in plan.created if self.opted_out.is_blocked(*plan.contents[index].speaker)}
        duplicates = plan.transcript.duplicates.items()
        alike = {index for pair in duplicates if not blocked.isdisjoint(pair) for index in pair}
        return blocked | (alike & set(plan.created))


def read_newest_action() -> int:
    """Return the id of the newest action, or 0. Runs once a file, hence plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM chatlogs_moderationaction")
        return int(cursor.fetchone()[0] or 0)
