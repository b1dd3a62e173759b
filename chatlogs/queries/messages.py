"""Messages of all rooms, page by page, and one by its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatlogs.models import Message
from chatlogs.models.archive import MessageQuerySet

PAGE_SIZE = 50
MAX_POSITION = 2**63 - 1


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, the newest first. `older` and `newer` are the positions that the next pages start
    from, None where there is none."""

    messages: Sequence[Message]
    older: int | None
    newer: int | None


def find_messages() -> MessageQuerySet:
    """What readers may read."""
    return Message.objects.visible()


def get_message(key: str) -> Message | None:
    """By its key, removed ones too: the caller must look at `is_visible` before showing anything."""
    return Message.objects.select_related("day__room", "double_of").filter(key=key).first()


def get_page(messages: MessageQuerySet, older: str, newer: str) -> MessagePage:
    """The page older or newer than a position, as given in an address; else the newest.

    By position rather than by number, so that a page costs the same however far back it is, and
    that an import in between neither skips nor repeats a message.
    """
    after, before = _read_position(newer), _read_position(older)
    if after is not None:
        ascending = messages.filter(position__gt=after).order_by("position")
        found = _first_ids(ascending)
        return _page(found[:PAGE_SIZE], has_older=True, has_newer=len(found) > PAGE_SIZE)
    if before is not None:
        messages = messages.filter(position__lt=before)
    found = _first_ids(messages.order_by("-position"))
    return _page(found[:PAGE_SIZE], has_older=len(found) > PAGE_SIZE, has_newer=before is not None)


def _first_ids(messages: MessageQuerySet) -> list[int]:
    """Ids alone, and one more than a page: with joins, the databases may not follow the position."""
    return list(messages.values_list("pk", flat=True)[: PAGE_SIZE + 1])


def _page(ids: Sequence[int], *, has_older: bool, has_newer: bool) -> MessagePage:
    shown = list(
        Message.objects.visible()
        .filter(pk__in=ids)
        .select_related("day__room", "alias__member", "link", "image")
        .order_by("-position")
    )
    return MessagePage(
        shown,
        older=shown[-1].position if shown and has_older else None,
        newer=shown[0].position if shown and has_newer else None,
    )


def _read_position(value: str) -> int | None:
    if not (value.isascii() and value.isdigit()) or len(value) > 19:
        return None
    return min(int(value), MAX_POSITION)
