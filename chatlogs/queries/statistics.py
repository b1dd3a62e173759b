"""Statistics of a room or of all listed rooms.

Figures that need each message are computed from a sample of whole days, the newest ones: a search from the first of
these days on finds the same messages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from django.db.models import Aggregate, CharField, Count, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from chatlogs.db.timeouts import TimeLimitExceeded, time_limit
from chatlogs.models import Alias, Day, Member, Mention, Message, Room
from chatlogs.models.messages import MessageQuerySet
from chatlogs.queries.cache import SECONDS_KEPT, cached_by_revision
from chatlogs.queries.facets import MonthCount, next_month
from chatlogs.search.terms import make_term
from chatlogs.search.tokens import searchable
from chatlogs.text.emoji import EMOJI, TOKEN
from chatlogs.text.frequent_words import find_words
from chatlogs.text.quotations import find_quotation
from chatlogs.text.urls import ADDRESS

HOURS, WEEKDAYS = 24, 7
BATCH = 2_000

# The characters that have the search form of `[`.
OPENING = "[［﹇"

EMOJI_BY_FORM = {searchable(f"[{token}]"): token for token in EMOJI}
EMOJI_FORM = re.compile("|".join(map(re.escape, EMOJI_BY_FORM)))

# The factor of candidates to words: candidates are ranked by estimated counts, and counted exactly afterwards.
CANDIDATES = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest messages of a room (None: of all listed rooms). If `is_all`, there are no older ones."""

    room: Room | None
    since: dt.date
    until: dt.date
    message_count: int
    is_all: bool

    @property
    def messages(self) -> MessageQuerySet:
        messages = Message.objects.visible().filter(day__room=self.room) if self.room else Message.objects.listed()
        return messages.filter(day__date__gte=self.since, day__date__lte=self.until).order_by()


def take_newest(room: Room | None, counts: Mapping[dt.date, int], most: int) -> Sample:
    """Return the newest days with together at most `most` messages, at least one day."""
    newest_first = sorted(counts, reverse=True)
    taken, total = 0, 0
    for date in newest_first:
        if taken and total + counts[date] > most:
            break
        taken, total = taken + 1, total + counts[date]
    return Sample(room, newest_first[taken - 1], newest_first[0], total, is_all=taken == len(counts))


def count_by_hour(sample: Sample) -> Sequence[Sequence[int]]:
    """Return counts by weekday, from Monday, and hour, in the rooms' time zones."""
    week = [[0] * HOURS for _ in range(WEEKDAYS)]
    # SQLite would call back into Python for each message's hour.
    hour_of = Substr(Cast("time", CharField()), 1, 2)
    counts = sample.messages.values("day__date", hour=hour_of).annotate(count=Count("pk"))
    for date, hour, count in counts.values_list("day__date", "hour", "count"):
        week[date.weekday()][int(hour)] += count
    return week


def count_emoji(sample: Sample) -> Counter[str]:
    """Count the messages with each WeChat emoji, by the word in its brackets."""
    bracketed = Q(*(("text__contains", sign) for sign in OPENING), _connector=Q.OR)
    texts = sample.messages.filter(bracketed).values_list("text", flat=True).iterator(BATCH)
    found = (set(EMOJI_FORM.findall(searchable(text))) for text in texts)
    return Counter(EMOJI_BY_FORM[form] for forms in found for form in forms)


def show_emoji(token: str) -> str:
    """Return the Unicode emoji for a word in brackets, or ""."""
    return EMOJI.get(token[1:-1], "") if TOKEN.fullmatch(token) else ""


def count_words(sample: Sample, most: int) -> Sequence[tuple[str, int]]:
    """Return the most frequent words, with the number of messages that contain them.

    Candidates come from the texts without mentions, quotations, addresses and emoji.
    """
    texts = dict(sample.messages.exclude(text="").values_list("pk", "text"))
    mentions: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    found = Mention.objects.visible().filter(message__in=sample.messages.values("pk")).order_by()
    for message_id, start, stop in found.values_list("message_id", "start", "stop"):
        mentions[message_id].append((start, stop))
    stripped = []
    for pk, text in texts.items():
        for start, stop in mentions.get(pk, ()):
            text = f"{text[:start]}{' ' * (stop - start)}{text[stop:]}"
        quotation = find_quotation(text)
        stripped.append(TOKEN.sub(" ", ADDRESS.sub(" ", quotation.reply if quotation else text)))
    words = find_words(stripped, CANDIDATES * most)
    terms = [(word, term.form) for word in words if (term := make_term(word))]
    forms = map(searchable, texts.values())
    counts = Counter(word for form in forms for word, wanted in terms if wanted in form)
    return _largest(counts, most)


# Sizes of the samples. Finding words takes longer per message.
MOST_READ, MOST_READ_FOR_WORDS = 200_000, 10_000

MOST_MEMBERS, MOST_EMOJI, MOST_WORDS = 20, 20, 40

# Figures that are not computed in this time are left out, and computed again after SECONDS_GIVEN_UP.
SECONDS = 6.0
SECONDS_GIVEN_UP = 600

Figure = TypeVar("Figure")


@dataclass(frozen=True, slots=True)
class Figures:
    """Statistics of a room or of all listed rooms, for a year or all years. None means that counting took too long.

    `years` are all years with messages. `members` and `mentioned` are pairs of member id and count; empty for an
    unlisted room, as members' pages do not count it. `hours` and `emoji` are counted in the sample `read`, `words` in
    `read_for_words`.
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
    return cached_by_revision(
        "figures",
        (room and room.pk, year),
        lambda: _compute_figures(room, year),
        lambda figures: SECONDS_KEPT if figures.is_whole else SECONDS_GIVEN_UP,
    )


def name_members(*counts: Iterable[tuple[int, int]] | None) -> list[list[tuple[Member, int]]]:
    """Replace member ids by members, listed ones only."""
    members = Member.objects.listed().in_bulk({pk for some in counts for pk, _ in some or ()})
    return [[(members[pk], count) for pk, count in some or () if pk in members] for some in counts]


def _compute_figures(room: Room | None, year: int | None) -> Figures:
    readable = Day.objects.visible().in_room(room) if room else Day.objects.listed()
    days = dict(readable.with_messages().order_by().values_list("date").annotate(Sum("message_count")))
    years = sorted({date.year for date in days}, reverse=True)
    if year:
        days = {date: count for date, count in days.items() if date.year == year}
    if not days:
        return Figures(years)
    sample, smaller = take_newest(room, days, MOST_READ), take_newest(room, days, MOST_READ_FOR_WORDS)
    has_members = room is None or not room.is_unlisted
    end = monotonic() + SECONDS
    return Figures(
        years=years,
        message_count=sum(days.values()),
        months=_by_month(days),
        members=_until(end, lambda: _count_members(room, year)) if has_members else (),
        mentioned=_until(end, lambda: _count_mentioned(room, year)) if has_members else (),
        read=sample,
        hours=_until(end, lambda: count_by_hour(sample)),
        emoji=_until(end, lambda: _largest(count_emoji(sample), MOST_EMOJI)),
        read_for_words=smaller,
        words=_until(end, lambda: count_words(smaller, MOST_WORDS)),
    )


def _until(end: float, figure: Callable[[], Figure]) -> Figure | None:
    try:
        with time_limit(end - monotonic()):
            return figure()
    except TimeLimitExceeded:
        return None


def _by_month(days: dict[dt.date, int]) -> list[MonthCount]:
    """Return all months from the first with messages to the last."""
    counts: Counter[dt.date] = Counter()
    for date, count in days.items():
        counts[date.replace(day=1)] += count
    months = [min(counts)]
    while months[-1] < max(counts):
        months.append(next_month(months[-1]))
    return [MonthCount(month, counts[month]) for month in months]


def _count_members(room: Room | None, year: int | None) -> list[tuple[int, int]]:
    """Return (member id, messages) of the most active members, counted as a search counts."""
    if year is None:
        names = Alias.objects.listed().filter(**({"room": room} if room else {}))
        return _most(names, "member", Sum("message_count"))
    messages = Message.objects.listed().filter(alias__isnull=False, **_in_period(room, year, "day__"))
    return _most(messages, "alias__member", Count("pk"))


def _count_mentioned(room: Room | None, year: int | None) -> list[tuple[int, int]]:
    """Return (member id, messages) of the most mentioned members, under any name."""
    mentions = Mention.objects.listed().filter(**_in_period(room, year, "message__day__"))
    seen = mentions.filter(name__alias__member__in=Alias.objects.listed().values("member"))
    return _most(seen, "name__alias__member", Count("message", distinct=True))


def _most(rows: QuerySet[Any], member: str, count: Aggregate) -> list[tuple[int, int]]:
    counts = rows.order_by().values(member).annotate(count=count).order_by("-count", member)
    return list(counts.values_list(member, "count")[:MOST_MEMBERS])


def _in_period(room: Room | None, year: int | None, day: str) -> dict[str, object]:
    of_room: dict[str, object] = {f"{day}room": room} if room else {}
    return of_room | ({f"{day}date__year": year} if year else {})


def _largest(counts: Counter[str], most: int) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]
