"""Finds and parses web addresses."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Chinese words may follow without a space: an address ends at the first character that is not ASCII, and before
# closing punctuation.
ADDRESS = re.compile(r"https?://[!-~]*[A-Za-z0-9/#=_&-]", re.IGNORECASE)


def has_address(text: str) -> bool:
    return "://" in text and ADDRESS.search(text) is not None


def read_host(url: str) -> str:
    """Return the host of a web address in lower case, or "" if it is invalid."""
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""


def web_address(url: str) -> str:
    """Return the address if it is HTTP or HTTPS, else ""."""
    return url if url.lower().startswith(("http://", "https://")) else ""
