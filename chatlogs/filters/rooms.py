"""The rooms that a list can be narrowed to."""

from __future__ import annotations

from django.db.models import QuerySet

from chatlogs.models import Room


def find_visible_rooms(request: object) -> QuerySet[Room]:
    return Room.objects.visible()
