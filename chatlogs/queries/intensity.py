"""The levels of intensity that heatmaps and calendars show counts in. Pure."""

from __future__ import annotations

LEVELS = 4


def level_of(count: int, busiest: int) -> int:
    """Return 0 for nothing, else 1 to 4: the quarter of the square root of the busiest day's count.

    On a linear scale nearly all days would have the lowest level, for most are far from the busiest.
    """
    return next(level for level in range(LEVELS + 1) if LEVELS**2 * count <= level**2 * busiest)
