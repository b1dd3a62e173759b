"""What moderators decided, as one file that a database built anew is curated from."""

from chatlogs.moderation.decisions.export import read_curation
from chatlogs.moderation.decisions.load import Installed, NotHere, install
from chatlogs.moderation.decisions.schema import Broken, read_document, write_document

__all__ = [
    "Broken",
    "Installed",
    "NotHere",
    "install",
    "read_curation",
    "read_document",
    "write_document",
]
