"""The admin, by the files of `models/`, and the queues of suggestions, of requests and of personal data."""

from chatlogs.admin import (
    archive,
    cases,
    curation,
    day_notes,
    days_and_rooms,
    findings,
    highlights,
    log,
    mentions,
    messages,
    opting_out,
    people,
    records,
    sources,
    suggestions,
    tombstones,
)

__all__ = [
    "archive",
    "cases",
    "curation",
    "day_notes",
    "days_and_rooms",
    "findings",
    "highlights",
    "log",
    "mentions",
    "messages",
    "opting_out",
    "people",
    "records",
    "sources",
    "suggestions",
    "tombstones",
]
