"""Keyset pagination of messages over any source of positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.validators import slug_re

from chatlogs.models import Message
from chatlogs.models.archive import HIGHEST_POSITION, LOWEST_POSITION
from chatlogs.models.messages import MessageQuerySet

PAGE_SIZE = 50

# (low, high, limit, oldest_first) -> positions from `low` up to but not including `high`, in order.
FindPositions = Callable[[int, int, int, bool], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The start of a page: just older or just newer than the message with a key.

    A key instead of a position, which may change when another message of the same second is imported.
    """

    older: str = ""
    newer: str = ""
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`older` and `newer` are the keys for the cursors of the adjacent pages, or ""."""

    messages: Sequence[Message]
    older: str = ""
    newer: str = ""
    oldest_first: bool = False


def get_page(find: FindPositions, cursor: Cursor, size: int = PAGE_SIZE) -> MessagePage:
    """Return the page at the cursor. A cursor with an unknown key is ignored."""
    after, before = _find_position(cursor.newer), _find_position(cursor.older)
    if after is not None:
        positions = find(after + 1, HIGHEST_POSITION, size + 1, True)
        has_older, has_newer = True, len(positions) > size
    elif before is not None:
        positions = find(LOWEST_POSITION, before, size + 1, False)
        has_older, has_newer = len(positions) > size, True
    else:
        positions = find(LOWEST_POSITION, HIGHEST_POSITION, size + 1, cursor.oldest_first)
        has_more = len(positions) > size
        has_older, has_newer = (False, has_more) if cursor.oldest_first else (has_more, False)
    messages = list(find_at(positions[:size]))
    if not messages:
        return MessagePage([], oldest_first=cursor.oldest_first)
    older, newer = messages[0].key if has_older else "", messages[-1].key if has_newer else ""
    ordered = messages if cursor.oldest_first else messages[::-1]
    return MessagePage(ordered, older, newer, cursor.oldest_first)


def find_at(positions: Sequence[int]) -> MessageQuerySet:
    """Return the visible messages at these positions, oldest first, with their related rows."""
    return with_related(Message.objects.visible().filter(position__in=positions))


def with_related(messages: MessageQuerySet) -> MessageQuerySet:
    """Add all related rows that pages, feeds, downloads and the API show, and order by time."""
    return messages.select_related("day__room", "alias__member", "link", "image").in_time_order()


def positions_of(messages: MessageQuerySet) -> FindPositions:
    """Return a function for `get_page`. It selects positions only: joins could keep the database from the index."""

    def find(low: int, high: int, limit: int, oldest_first: bool) -> list[int]:
        between = messages.filter(position__gte=low, position__lt=high)
        ordered = between.order_by("position" if oldest_first else "-position")
        return list(ordered.values_list("position", flat=True)[:limit])

    return find


def _find_position(key: str) -> int | None:
    """Return the position of a message, even a hidden one, as a page may start there."""
    if len(key) > Message.KEY_LENGTH or not slug_re.match(key):
        return None
    return Message.objects.by_key_even_removed(key).values_list("position", flat=True).first()
