"""Records evidence of which names belong together: account ids (as hashes only) and duplicate messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from chatlogs.db.bulk import insert_rows
from chatlogs.importing.plans import DayPlan
from chatlogs.models import NameEvidence
from chatlogs.people import Speaker, hash_account
from chatlogs.text.accounts import bare_account

Kind = NameEvidence.Kind


class Seen(NamedTuple):
    """The columns of NameEvidence that are unique within a day."""

    kind: str
    alias_id: int | None
    account_hash: str
    other_id: int | None


def write_name_evidence(
    plan: DayPlan, day_id: int, account_key: bytes, alias_ids: Mapping[Speaker, int | None]
) -> None:
    """Replace the day's evidence if it differs. Requires a transaction."""
    seen = Counter(_find_accounts(plan, account_key, alias_ids))
    for duplicate, shown in plan.transcript.duplicates.items():
        one, other = (alias_ids[plan.contents[index].speaker] for index in (duplicate, shown))
        if one and other and one != other:
            seen[Seen(Kind.DOUBLED.value, one, "", other)] += 1
    if plan.stored:
        stored = NameEvidence.objects.filter(day=day_id).exclude(kind=Kind.QUOTATION)
        if {Seen(*row): count for *row, count in stored.values_list(*Seen._fields, "count")} == seen:
            return
        stored.delete()
    insert_rows(
        NameEvidence, [*Seen._fields, "count", "day_id"], [(*one, count, day_id) for one, count in seen.items()]
    )


def _find_accounts(plan: DayPlan, account_key: bytes, alias_ids: Mapping[Speaker, int | None]) -> Iterator[Seen]:
    """Attribute the account id at the end of a link to the sender of the next message, but not in merged exports."""
    if plan.transcript.duplicates:
        return
    following = enumerate(zip(plan.transcript.entries, plan.contents, strict=True))
    for (_, (entry, _)), (index, (_, after)) in pairwise(following):
        if entry.account and after.speaker.name and index not in plan.transcript.gaps:
            account = hash_account(account_key, bare_account(entry.account))
            yield Seen(Kind.ACCOUNT.value, alias_ids[after.speaker], account, None)
