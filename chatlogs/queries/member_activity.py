"""A member's activity: years, rooms, talks, and who they mention."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, QuerySet

from chatlogs.models import Alias, Day, Member, Mention, Room
from chatlogs.models.mentions import MentionQuerySet
from chatlogs.queries.members import find_messages_of

MOST_COMPANIONS = 10
NEWEST_TALKS = 20


@dataclass(frozen=True, slots=True)
class ActiveMonth:
    first: dt.date
    message_count: int

    @property
    def last(self) -> dt.date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])


@dataclass(frozen=True, slots=True)
class ActiveYear:
    """A year with messages; `days` are counts by date, `months` all twelve months."""

    number: int
    days: dict[dt.date, int]
    months: Sequence[ActiveMonth]

    @property
    def message_count(self) -> int:
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class RoomShare:
    room: Room
    message_count: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Another member: `mentioned` by the member so many times, and `mentioning` the member so many times."""

    member: Member
    mentioned: int
    mentioning: int


def find_active_years(member: Member) -> list[ActiveYear]:
    """Return the years with messages, newest first."""
    messages = find_messages_of(member).order_by()
    days = dict(messages.values_list("day__date").annotate(Count("pk")).order_by("day__date"))
    years = groupby(days, key=lambda date: date.year)
    active = []
    for number, dates in years:
        in_year = {date: days[date] for date in dates}
        counts: Counter[int] = Counter()
        for date, count in in_year.items():
            counts[date.month] += count
        months = [ActiveMonth(dt.date(number, month, 1), counts[month]) for month in range(1, 13)]
        active.append(ActiveYear(number, in_year, months))
    return active[::-1]


def share_by_room(names: Iterable[Alias]) -> list[RoomShare]:
    counts: Counter[Room] = Counter()
    for name in names:
        counts[name.room] += name.message_count
    return [RoomShare(room, count) for room, count in sorted(counts.items(), key=lambda one: (-one[1], one[0].slug))]


def find_companions(member: Member) -> list[Companion]:
    """Return the members with most mentions in both directions."""
    mentions = Mention.objects.listed()
    mentioned = _count(mentions.filter(message__alias__member=member), "name__alias__member")
    mentioning = _count(mentions.filter(name__alias__member=member), "message__alias__member")
    both = mentioned + mentioning
    del both[member.pk]
    closest = sorted(both, key=lambda pk: (-both[pk], pk))[:MOST_COMPANIONS]
    members = Member.objects.listed().in_bulk(closest)
    return [Companion(members[pk], mentioned[pk], mentioning[pk]) for pk in closest]


def find_talks(member: Member) -> QuerySet[Day]:
    """Return the days on which the member held a talk, newest first."""
    days = Day.objects.listed().filter(speaker__member=member, speaker__message_count__gt=0)
    return days.select_related("room", "speaker").order_by("-date", "room__slug")


def _count(mentions: MentionQuerySet, member: str) -> Counter[int]:
    """Count mentions by the member that the lookup leads to; listed members only."""
    seen = mentions.filter(**{f"{member}__in": Alias.objects.listed().values("member")})
    return Counter(dict(seen.order_by().values_list(member).annotate(Count("pk"))))
