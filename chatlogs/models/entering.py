"""Which rooms the audience may enter, and querysets that keep to these.

Where all rooms are public no query gets a condition by this, and so no plan changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models

from chatlogs.audience import Audience, current_audience

Row = TypeVar("Row", bound=models.Model, covariant=True)


@dataclass(frozen=True, slots=True)
class Entrances:
    """Ids of rooms: those closed to the audience, those it may enter but finds in no list, and the others."""

    closed: frozenset[int]
    unlisted: frozenset[int]
    listed: frozenset[int]

    @property
    def is_all_listed(self) -> bool:
        return not self.closed and not self.unlisted


def find_entrances() -> Entrances:
    """One small query, once for a request."""
    audience = current_audience()
    return audience.once("entrances", lambda: _read_entrances(audience))


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


def _read_entrances(audience: Audience) -> Entrances:
    room: Any = apps.get_model("chatlogs", "Room")
    closed, unlisted, listed = set(), set(), set()
    for pk, visibility, group_id in room.objects.order_by().values_list("pk", "visibility", "reader_group_id"):
        is_open = visibility == room.Visibility.PRIVATE and audience.may_enter_private(group_id)
        if is_open or visibility == room.Visibility.PUBLIC:
            listed.add(pk)
        elif visibility == room.Visibility.UNLISTED:
            unlisted.add(pk)
        else:
            closed.add(pk)
    return Entrances(frozenset(closed), frozenset(unlisted), frozenset(listed))
