"""Downloads: lists of days, and all messages of a search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from chatlogs.models import Day, Message
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION
from chatlogs.queries.pagination import find_at, with_related
from chatlogs.queries.search import Search

MOST_EXPORTED = 10_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Export:
    """Positions of the exported messages, in export order."""

    positions: Sequence[int]
    oldest_first: bool
    is_truncated: bool

    def batches(self) -> Iterator[list[Message]]:
        """Yield batches of messages, each read from the database on demand."""
        for start in range(0, len(self.positions), BATCH):
            messages = list(find_at(self.positions[start : start + BATCH]))
            yield messages if self.oldest_first else messages[::-1]


def find_export(search: Search, *, oldest_first: bool) -> Export:
    positions = search.find(LOWEST_POSITION, HIGHEST_POSITION, MOST_EXPORTED + 1, oldest_first)
    return Export(positions[:MOST_EXPORTED], oldest_first, is_truncated=len(positions) > MOST_EXPORTED)


def find_days(*, of_named_room: bool) -> QuerySet[Day]:
    """Return days with their room and speaker; those of unlisted rooms only for a room given by its slug."""
    days = Day.objects.visible() if of_named_room else Day.objects.listed()
    return days.with_messages().select_related("room", "speaker__member")


def find_messages_of_day(day: Day) -> QuerySet[Message]:
    """Return the visible messages of a day in order, with the related rows that the API shows."""
    return with_related(Message.objects.visible().on(day))
