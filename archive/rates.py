"""How many requests one address may send in a time, as written in the environment."""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

RATE = re.compile(r"[1-9][0-9]*/(sec|min|hour|day)")


def read_rate(written: str) -> str | None:
    """The rate, or None for no limit at all."""
    if written == "off":
        return None
    if not RATE.fullmatch(written):
        raise ImproperlyConfigured(f"{written!r} is no rate: write it like 120/min (sec, min, hour or day), or off.")
    return written
