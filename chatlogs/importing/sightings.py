"""Which names a transcript shows together with private account ids, which are kept as hashes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from chatlogs.bulk import insert_rows
from chatlogs.identity import Speaker, hash_account
from chatlogs.importing.plans import DayPlan
from chatlogs.models import Sighting
from chatlogs.text.accounts import bare_account

COLUMNS = ["day_id", "kind", "alias_id", "account_hash", "count", "other_id"]


def write_sightings(plan: DayPlan, day_id: int, account_key: bytes, alias_ids: Mapping[Speaker, int | None]) -> None:
    """Replace what was seen on this day before, if it differs. Within a transaction."""
    kind = Sighting.Kind.ACCOUNT
    seen = Counter(
        (alias_ids[speaker], hash_account(account_key, account)) for speaker, account in _find_accounts(plan)
    )
    stored = Sighting.objects.filter(day=day_id, kind=kind)
    if plan.stored:
        before = {(alias_id, account): count for alias_id, account, count in stored.values_list(*COLUMNS[2:5])}
        if before == seen:
            return
        stored.delete()
    rows = [(day_id, kind.value, alias_id, account, count, None) for (alias_id, account), count in seen.items()]
    insert_rows(Sighting, COLUMNS, rows)


def _find_accounts(plan: DayPlan) -> list[tuple[Speaker, str]]:
    """The id at a link's tail is that of who sent the next message; in a merged export, of another phone's next."""
    if plan.transcript.doubles:
        return []
    return [
        (after.speaker, bare_account(entry.account))
        for (entry, _), (_, after) in pairwise(zip(plan.transcript.entries, plan.contents, strict=True))
        if entry.account and after.speaker.name
    ]
