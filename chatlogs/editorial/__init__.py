"""Notes of days and highlights, written by curators."""

from chatlogs.editorial.highlights import (
    MOST_MESSAGES,
    MOST_PARTS,
    check_parts,
    check_passage,
    invalidate_days,
    publish,
    retract,
    save_highlight,
    set_published,
)
from chatlogs.editorial.notes import write_note
from chatlogs.editorial.tags import read_tag_names, set_tags

__all__ = [
    "MOST_MESSAGES",
    "MOST_PARTS",
    "check_parts",
    "check_passage",
    "invalidate_days",
    "publish",
    "read_tag_names",
    "retract",
    "save_highlight",
    "set_published",
    "set_tags",
    "write_note",
]
