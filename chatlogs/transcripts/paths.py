"""Which folder of those that a transcript lies in says whose it is."""

from __future__ import annotations

import re
from pathlib import PurePath

# Folders that group files within a room: Jekyll's, and years or months.
GROUPING_FOLDER = re.compile(r"_posts|[0-9]+")


def find_room_folder(path: PurePath) -> str:
    """The name of the nearest folder that does more than group."""
    folders = (folder.name for folder in path.parents)
    return next((name for name in folders if not GROUPING_FOLDER.fullmatch(name)), "")
