"""What a page tells search engines, read as they do."""

from __future__ import annotations

import json
import re
from typing import Any

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def find_linked_data(page: str) -> list[Any]:
    return [json.loads(block) for block in BLOCK.findall(page)]


def read_linked_data(page: str) -> Any:
    """Of a page that has some."""
    (data,) = find_linked_data(page)
    return data
