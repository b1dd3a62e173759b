"""Days, their neighbours, and the same date in other rooms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Subquery

from chatlogs.models import Day, Room


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest days with messages before and after a date."""

    previous: Day | None
    next: Day | None


def get_day(room: Room, date: dt.date) -> Day | None:
    days = Day.objects.visible().in_room(room).filter(date=date)
    day = days.select_related("speaker__member", "source_file").first()
    if day:
        day.room = room
    return day


def find_neighbours(room: Room, date: dt.date) -> Neighbours:
    days = Day.objects.visible().in_room(room).with_messages()
    before = days.filter(date__lt=date).order_by("-date").values("date")[:1]
    after = days.filter(date__gt=date).order_by("date").values("date")[:1]
    nearest = list(days.filter(Q(date=Subquery(before)) | Q(date=Subquery(after))))
    for day in nearest:
        day.room = room
    return Neighbours(
        previous=next((day for day in nearest if day.date < date), None),
        next=next((day for day in nearest if day.date > date), None),
    )


def find_same_date(day: Day) -> QuerySet[Day]:
    """Return the days of other rooms with this date."""
    return (
        Day.objects.listed()
        .with_messages()
        .filter(date=day.date)
        .exclude(pk=day.pk)
        .select_related("room")
        .order_by("room__slug")
    )
