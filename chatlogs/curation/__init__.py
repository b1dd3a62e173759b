"""What moderators decided, as one file that a database built anew is curated from."""

from chatlogs.curation.form import Broken, read_document, write_document
from chatlogs.curation.installing import Installed, NotHere, install
from chatlogs.curation.reading import read_curation

__all__ = [
    "Broken",
    "Installed",
    "NotHere",
    "install",
    "read_curation",
    "read_document",
    "write_document",
]
