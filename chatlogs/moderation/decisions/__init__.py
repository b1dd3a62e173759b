"""What moderators decided, as one file that a database built anew is curated from."""

from chatlogs.moderation.decisions.export import export_decisions
from chatlogs.moderation.decisions.load import Installed, NotHere, load_decisions
from chatlogs.moderation.decisions.schema import Broken, read_document, write_document

__all__ = [
    "Broken",
    "Installed",
    "NotHere",
    "export_decisions",
    "load_decisions",
    "read_document",
    "write_document",
]
