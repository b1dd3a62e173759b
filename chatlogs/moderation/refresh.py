"""What follows when other things can be seen than before: mentions, counts, names, revisions."""

from __future__ import annotations

from collections.abc import Collection

from chatlogs import mentions
from chatlogs.images.withholding import withhold_shared
from chatlogs.models import Alias
from chatlogs.models.counters import recount_days, recount_names
from chatlogs.models.revision import bump_revision
from chatlogs.people import refresh_names


def refresh_derived_data(*, day_ids: Collection[int], alias_ids: Collection[int], has_new_texts: bool = False) -> None:
    """Within the transaction of the deed. `has_new_texts`: their mentions are to be looked for again."""
    if has_new_texts:
        mentions.find_again(sorted(day_ids))
    recount_names(alias_ids)
    recount_days(day_ids)
    withhold_shared(day_ids)
    members = Alias.objects.filter(pk__in=alias_ids).values_list("member_id", flat=True)
    refresh_names(set(members))
    bump_revision()
