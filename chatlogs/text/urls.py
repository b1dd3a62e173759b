"""Web addresses within texts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Chinese words follow an address without a space: it ends at the first character that is not ASCII,
# and before the punctuation that closes a sentence.
ADDRESS = re.compile(r"https?://[!-~]*[A-Za-z0-9/#=_&-]", re.IGNORECASE)


def has_address(text: str) -> bool:
    return "://" in text and ADDRESS.search(text) is not None


def read_host(url: str) -> str:
    """The host of a web address, in lower case; "" where it cannot be told."""
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""


def web_address(url: str) -> str:
    """The address if a browser may be sent there, else nothing."""
    return url if url.lower().startswith(("http://", "https://")) else ""
