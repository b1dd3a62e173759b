"""Rate limits in environment variables.

DRF's own parser takes `120/month` for `120/min`, and cannot be imported while settings load.
"""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

RATE = re.compile(r"[1-9][0-9]*/(sec|min|hour|day)")


def read_rate(written: str) -> str | None:
    """Return a rate for DRF's throttles, or None for `off`. Raise ImproperlyConfigured for anything else."""
    if written == "off":
        return None
    if not RATE.fullmatch(written):
        raise ImproperlyConfigured(f"{written!r} is no rate: use a form like 120/min (sec, min, hour or day), or off.")
    return written
