"""Update what is derived from messages when other messages, or other parts of them, can be seen."""

from __future__ import annotations

from collections.abc import Collection

from chatlogs import mentions
from chatlogs.images.withholding import withhold_shared
from chatlogs.models import Alias
from chatlogs.models.counters import recount_days, recount_names
from chatlogs.models.revision import bump_revision
from chatlogs.moderation.visible_content import refresh_visible_content
from chatlogs.people import refresh_names


def refresh_messages(message_ids: Collection[int], outdated: Collection[int] = ()) -> None:
    """Apply the decisions on these messages, then refresh what is derived from them.

    `outdated` are the ids of messages that were redacted in another text than they have now.
    """
    changed = refresh_visible_content(message_ids, outdated=outdated)
    refresh_derived_data(day_ids=changed.day_ids, alias_ids=changed.alias_ids, has_new_texts=True)


def refresh_derived_data(*, day_ids: Collection[int], alias_ids: Collection[int], has_new_texts: bool = False) -> None:
    """Refresh counters, names, shared images, the revision and, with `has_new_texts`, mentions.

    Called within the transaction of the action.
    """
    if has_new_texts:
        mentions.find_again(sorted(day_ids))
    recount_names(alias_ids)
    recount_days(day_ids)
    withhold_shared(day_ids)
    members = Alias.objects.filter(pk__in=alias_ids).values_list("member_id", flat=True)
    refresh_names(set(members))
    bump_revision()
