"""A public collection of attempts to smuggle markup and scripts into pages."""

from __future__ import annotations

from functools import cache

import brs_kb


@cache
def read_payloads() -> tuple[str, ...]:
    """Each once, in a stable order; without those that no text file can have in it."""
    payloads = {str(one["payload"]) for one in brs_kb.get_all_payloads().values()}
    return tuple(sorted(one for one in payloads if "\0" not in one and one.strip() and _is_text(one)))


def _is_text(payload: str) -> bool:
    try:
        payload.encode()
    except UnicodeEncodeError:
        return False
    return True


def some_payloads(count: int) -> tuple[str, ...]:
    """Spread over the whole collection."""
    payloads = read_payloads()
    return payloads[:: max(1, len(payloads) // count)][:count]
