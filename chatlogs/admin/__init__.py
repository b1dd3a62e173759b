"""The admin: lists and forms for moderators, the log of their actions, and the moderation queue."""

from chatlogs.admin import (
    archive,
    day_notes,
    highlights,
    mentions,
    messages,
    people,
    personal_data_matches,
    requests,
    rooms,
    suggestions,
    tombstones,
)
from chatlogs.admin.actions import log, opt_outs

__all__ = [
    "archive",
    "day_notes",
    "highlights",
    "log",
    "mentions",
    "messages",
    "opt_outs",
    "people",
    "personal_data_matches",
    "requests",
    "rooms",
    "suggestions",
    "tombstones",
]
