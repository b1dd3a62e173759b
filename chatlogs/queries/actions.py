"""Moderation actions on one message."""

from __future__ import annotations

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from chatlogs.models import Message, ModerationAction

# Only the newest actions are searched: there is no index on their changes.
LOOKED_THROUGH = 500


def find_actions_on(message: Message) -> QuerySet[ModerationAction]:
    """Return the actions on the message among the newest LOOKED_THROUGH, newest first, without their changes."""
    newest = ModerationAction.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    written = ModerationAction.objects.annotate(written=Cast("changes", TextField()))
    found = written.filter(pk__in=newest, written__contains=f'"{message.key}"')
    return found.select_related("undone_by").defer("changes", "undone_by__changes").order_by("-pk")
