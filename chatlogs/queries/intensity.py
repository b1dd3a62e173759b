"""Intensity levels of heatmaps and calendars. Pure."""

from __future__ import annotations

LEVELS = 4


def level_of(count: int, busiest: int) -> int:
    """Return 0 for nothing, else 1 to 4, on a square root scale up to the busiest day's count.

    On a linear scale nearly all days would have the lowest level.
    """
    return next(level for level in range(LEVELS + 1) if LEVELS**2 * count <= level**2 * busiest)
