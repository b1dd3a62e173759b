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
    """What readers may read, with all that a line of a list shows."""
    return Message.objects.visible().select_related("day__room", "alias__member", "link", "image")


def get_message(key: str) -> Message | None:
    """By its key, removed ones too: the caller must look at `is_visible` before showing anything."""
    return Message.objects.select_related("day__room", "double_of").filter(key=key).first()


def get_page(messages: MessageQuerySet, older: str, newer: str) -> MessagePage:
    """The page older or newer than a position, as given in an address; else the newest.

    By position rather than by number, so that a page costs the same however far back it is, and
    that an import in between neither skips nor repeats a message.
    """
    if (position := _read_position(newer)) is not None:
        ascending = messages.filter(position__gt=position).order_by("position")
        found = list(ascending[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE][::-1]
        return _page(shown, has_older=True, has_newer=len(found) > PAGE_SIZE)
    position = _read_position(older)
    if position is not None:
        messages = messages.filter(position__lt=position)
    found = list(messages.order_by("-position")[: PAGE_SIZE + 1])
    return _page(found[:PAGE_SIZE], len(found) > PAGE_SIZE, has_newer=position is not None)


def _page(shown: Sequence[Message], has_older: bool, has_newer: bool) -> MessagePage:
    return MessagePage(
        shown,
        older=shown[-1].position if shown and has_older else None,
        newer=shown[0].position if shown and has_newer else None,
    )


def _read_position(value: str) -> int | None:
    if not (value.isascii() and value.isdigit()) or len(value) > 19:
        return None
    return min(int(value), MAX_POSITION)
