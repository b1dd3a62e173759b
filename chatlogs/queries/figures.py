"""What the page of statistics counts, kept as long as nothing that readers see has changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Aggregate, Count, QuerySet, Sum

from chatlogs.models import Alias, Day, Member, Mention, Message, Room
from chatlogs.models.entering import find_entrances
from chatlogs.queries.revisions import read_revision
from chatlogs.queries.samples import Sample, count_by_hour, count_emoji, count_words, take_newest
from chatlogs.search.time_limits import TimeIsUp, time_limit

# The newest messages alone are read, in whole days: of words and their neighbours there is more to look at.
MOST_READ, MOST_READ_FOR_WORDS = 200_000, 10_000

MOST_MEMBERS, MOST_EMOJI, MOST_WORDS = 20, 20, 40

# What is not counted by then is left out, for a while.
SECONDS = 6.0
SECONDS_KEPT, SECONDS_GIVEN_UP = 24 * 3600, 600

Figure = TypeVar("Figure")


@dataclass(frozen=True, slots=True)
class MonthCount:
    first: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a room or of those in lists, of a year or of all. None stands for what took too long to count.

    `years` are all that have messages. `members` and `mentioned` are by member ids; of a room that is in no list, whose
    members have no page that knows of it, there are none. `hours`, `emoji` are of `read`, `words` of `read_for_words`.
    """

    years: Sequence[int]
    message_count: int = 0
    months: Sequence[MonthCount] = ()
    members: Sequence[tuple[int, int]] | None = ()
    mentioned: Sequence[tuple[int, int]] | None = ()
    read: Sample | None = None
    hours: Sequence[Sequence[int]] | None = None
    emoji: Sequence[tuple[str, int]] | None = ()
    read_for_words: Sample | None = None
    words: Sequence[tuple[str, int]] | None = ()

    @property
    def is_whole(self) -> bool:
        return self.message_count == 0 or None not in (
            self.members, self.mentioned, self.hours, self.emoji, self.words,
        )  # fmt: skip


def get_figures(room: Room | None, year: int | None) -> Figures:
    """By what was asked, by what the asker may enter, and by the revision: a change makes all of them anew.

    The revision is read first, so that what changes meanwhile cannot be kept under the revision after.
    """
    revision = read_revision()
    asked = repr(("figures", revision, sorted(find_entrances().listed), room and room.pk, year))
    name = sha256(asked.encode()).hexdigest()
    kept: Figures | None = cache.get(name)
    if kept is None:
        kept = _work_out(room, year)
        cache.set(name, kept, SECONDS_KEPT if kept.is_whole else SECONDS_GIVEN_UP)
    return kept


def name_members(*counts: Iterable[tuple[int, int]] | None) -> list[list[tuple[Member, int]]]:
    """Each list with the members themselves, those that readers may see."""
    members = Member.objects.listed().in_bulk({pk for some in counts for pk, _ in some or ()})
    return [[(members[pk], count) for pk, count in some or () if pk in members] for some in counts]


def _work_out(room: Room | None, year: int | None) -> Figures:
    days = _count_by_date(room)
    years = sorted({date.year for date in days}, reverse=True)
    if year:
        days = {date: count for date, count in days.items() if date.year == year}
    if not days:
        return Figures(years)
    sample, smaller = take_newest(room, days, MOST_READ), take_newest(room, days, MOST_READ_FOR_WORDS)
    is_told_who = room is None or not room.is_unlisted
    end = monotonic() + SECONDS
    return Figures(
        years=years,
        message_count=sum(days.values()),
        months=_by_month(days),
        members=_until(end, lambda: _count_members(room, year)) if is_told_who else (),
        mentioned=_until(end, lambda: _count_mentioned(room, year)) if is_told_who else (),
        read=sample,
        hours=_until(end, lambda: count_by_hour(sample)),
        emoji=_until(end, lambda: _largest(count_emoji(sample))),
        read_for_words=smaller,
        words=_until(end, lambda: count_words(smaller, MOST_WORDS)),
    )


def _until(end: float, figure: Callable[[], Figure]) -> Figure | None:
    try:
        with time_limit(end - monotonic()):
            return figure()
    except TimeIsUp:
        return None


def _count_by_date(room: Room | None) -> dict[dt.date, int]:
    days = Day.objects.visible().in_room(room) if room else Day.objects.listed()
    return dict(days.with_messages().order_by().values_list("date").annotate(Sum("message_count")))


def _by_month(days: dict[dt.date, int]) -> list[MonthCount]:
    """Each month from the first with messages to the last, those between without any, too."""
    counts: Counter[dt.date] = Counter()
    for date, count in days.items():
        counts[date.replace(day=1)] += count
    months = [min(counts)]
    while months[-1] < max(counts):
        months.append((months[-1] + dt.timedelta(days=31)).replace(day=1))
    return [MonthCount(month, counts[month]) for month in months]


def _count_members(room: Room | None, year: int | None) -> list[tuple[int, int]]:
    """Who wrote most, as a search for them counts."""
    if year is None:
        names = Alias.objects.listed().filter(**({"room": room} if room else {}))
        return _most(names, "member", Sum("message_count"))
    messages = Message.objects.listed().filter(alias__isnull=False, **_of(room, year, "day__"))
    return _most(messages, "alias__member", Count("pk"))


def _count_mentioned(room: Room | None, year: int | None) -> list[tuple[int, int]]:
    """Who is meant in most messages, whatever name they are mentioned by."""
    mentions = Mention.objects.listed().filter(**_of(room, year, "message__day__"))
    seen = mentions.filter(name__alias__member__in=Alias.objects.listed().values("member"))
    return _most(seen, "name__alias__member", Count("message", distinct=True))


def _most(rows: QuerySet[Any], member: str, count: Aggregate) -> list[tuple[int, int]]:
    counts = rows.order_by().values(member).annotate(count=count).order_by("-count", member)
    return list(counts.values_list(member, "count")[:MOST_MEMBERS])


def _of(room: Room | None, year: int | None, day: str) -> dict[str, object]:
    of_room: dict[str, object] = {f"{day}room": room} if room else {}
    return of_room | ({f"{day}date__year": year} if year else {})


def _largest(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_EMOJI]
