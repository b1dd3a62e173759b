"""The admin, by the files of `models/`, and the queues of suggestions, of requests and of personal data."""

from chatlogs.admin import (
    archive,
    day_notes,
    highlights,
    imports,
    mentions,
    messages,
    pending,
    people,
    personal_data_matches,
    requests,
    rooms,
    sources,
    suggestions,
    tombstones,
)
from chatlogs.admin.actions import log, opt_outs

__all__ = [
    "archive",
    "day_notes",
    "highlights",
    "imports",
    "log",
    "mentions",
    "messages",
    "opt_outs",
    "pending",
    "people",
    "personal_data_matches",
    "requests",
    "rooms",
    "sources",
    "suggestions",
    "tombstones",
]
