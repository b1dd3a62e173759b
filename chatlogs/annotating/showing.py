"""What follows when readers see other notes or highlights than before."""

from __future__ import annotations

from collections.abc import Iterable

from chatlogs.counting import touch_days
from chatlogs.revising import raise_revision


def show_anew(day_ids: Iterable[int]) -> None:
    """Within the transaction of the deed: the pages of these days have changed, and others may have."""
    touch_days(sorted(set(day_ids)))
    raise_revision()
