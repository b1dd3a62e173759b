"""Moderation actions on one message."""

from __future__ import annotations

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from chatlogs.models import Message, ModerationAction

# Deeds that are looked through, the newest first: reading what all of them changed would take ever longer.
LOOKED_THROUGH = 500


def find_actions_on(message: Message) -> QuerySet[ModerationAction]:
    """Return those among the newest of all, newest first, without their changes."""
    newest = ModerationAction.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    written = ModerationAction.objects.annotate(written=Cast("changes", TextField()))
    found = written.filter(pk__in=newest, written__contains=f'"{message.key}"')
    return found.select_related("undone_by").defer("changes", "undone_by__changes").order_by("-pk")
