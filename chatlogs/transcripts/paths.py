"""Finds the room of a transcript in its path."""

from __future__ import annotations

import re
from pathlib import PurePath

# Folders inside a room: Jekyll's, and years or months.
GROUPING_FOLDER = re.compile(r"_posts|[0-9]+")


def find_room_folder(path: PurePath) -> str:
    """Return the name of the nearest folder that is not a grouping folder, or ""."""
    folders = (folder.name for folder in path.parents)
    return next((name for name in folders if not GROUPING_FOLDER.fullmatch(name)), "")
