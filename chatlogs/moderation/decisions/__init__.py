"""Export all decisions to a file, and load them into a rebuilt database."""

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
