"""Which rooms the audience may enter, and querysets that keep to these.

Where all rooms are public no query gets a condition by this, and so no plan changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models

from chatlogs.audience import current_audience, once_a_request

if TYPE_CHECKING:
    from chatlogs.models.archive import Room

Row = TypeVar("Row", bound=models.Model, covariant=True)


@dataclass(frozen=True, slots=True)
class Entrances:
    """Ids of rooms: those closed to the audience, those it may enter but finds in no list, and the others.

    `rooms` are all that it may enter, by id, in their order.
    """

    closed: frozenset[int]
    unlisted: frozenset[int]
    listed: frozenset[int]
    rooms: Mapping[int, Room]

    @property
    def is_all_listed(self) -> bool:
        return not self.closed and not self.unlisted


@once_a_request
def find_entrances() -> Entrances:
    """One small query, of all rooms."""
    audience = current_audience()
    model: Any = apps.get_model("chatlogs", "Room")
    closed, unlisted, listed, rooms = set(), set(), set(), {}
    for room in model.objects.all():
        is_open = room.visibility == room.Visibility.PRIVATE and audience.may_enter_private(room.reader_group_id)
        if is_open or room.visibility == room.Visibility.PUBLIC:
            listed.add(room.pk)
        elif room.visibility == room.Visibility.UNLISTED:
            unlisted.add(room.pk)
        else:
            closed.add(room.pk)
            continue
        rooms[room.pk] = room
    return Entrances(frozenset(closed), frozenset(unlisted), frozenset(listed), rooms)


class QuerySetOfRooms(models.QuerySet[Row]):
    """Of rows that belong to a room, whose id is found at `room_path`."""

    room_path = "room"

    def enterable(self) -> Self:
        return self._outside(find_entrances().closed)

    def in_listed_rooms(self) -> Self:
        entrances = find_entrances()
        return self._outside(entrances.closed | entrances.unlisted)

    def _outside(self, rooms: frozenset[int]) -> Self:
        return self.exclude(**{f"{self.room_path}__in": sorted(rooms)}) if rooms else self.all()
