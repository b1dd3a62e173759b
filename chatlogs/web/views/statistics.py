from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.views.decorators.http import require_safe

from chatlogs.models import Member, Room
from chatlogs.queries import coverage as coverage_queries
from chatlogs.queries import statistics as queries
from chatlogs.queries.coverage import Coverage, LastImport, State
from chatlogs.queries.rooms import find_choices
from chatlogs.queries.statistics import Figures, MonthCount, Sample, show_emoji
from chatlogs.web.charts import Bar, Calendar, Column, draw_bars, draw_calendar, draw_columns, draw_sign, draw_week
from chatlogs.web.filters import FigureFilter
from chatlogs.web.page_cache import MemoryStore, cached_page, do_not_cache
from chatlogs.web.search_engines import NOINDEX_NOFOLLOW
from chatlogs.web.throttling import SearchThrottle, throttled

SIGN_OF = {State.WITH: "square", State.WITHOUT: "frame", State.REJECTED: "triangle", State.MISSING_FILE: "cross"}


@dataclass(frozen=True, slots=True)
class Ranked:
    """`search` is the query string of the messages that are counted; `emoji` and `member` where it is one's."""

    label: str
    count: int
    search: str
    bar: Bar
    emoji: str = ""
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class MonthLine:
    month: MonthCount
    search: str
    column: Column | None


@dataclass(frozen=True, slots=True)
class CoveredYear:
    """`months` have the days of each state, in the order of the states, and the month's messages to look at."""

    number: int
    calendar: Calendar
    counts: Sequence[tuple[State, str, int]]
    months: Sequence[tuple[dt.date, Sequence[int]]]


@require_safe
@throttled(SearchThrottle, with_query_only=True)
@cached_page(MemoryStore())
def statistics(request: HttpRequest) -> HttpResponse:
    filters = FigureFilter(request.GET, request=request)
    room, year = filters.values.get("room"), filters.values.get("year")
    context = {"filters": filters, "rooms": find_choices(room.slug if room else ""), "room": room, "year": year}
    figures = queries.get_figures(room, year) if filters.is_valid() else None
    if figures:
        context |= _describe(figures, room, year)
    response = render(request, "chatlogs/stats.html", context, status=200 if figures else 400)
    response.headers["X-Robots-Tag"] = NOINDEX_NOFOLLOW
    if figures and not figures.is_whole:
        do_not_cache(response)
    return response


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    context = {
        "rooms": [(one, _draw_years(one)) for one in coverage_queries.find_coverage()],
        "signs": {state: (sign, draw_sign(sign)) for state, sign in SIGN_OF.items()},
        "last_import": coverage_queries.find_last_import(),
    }
    return render(request, "chatlogs/coverage.html", context)


@require_safe
def coverage_json(request: HttpRequest) -> HttpResponse:
    """For programs that watch over the archive: no clock, no words."""
    answer = {
        "last_import": _import_as_json(coverage_queries.find_last_import()),
        "rooms": [_as_json(one, request) for one in coverage_queries.find_coverage()],
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _describe(figures: Figures, room: Room | None, year: int | None) -> dict[str, Any]:
    """The figures with their pictures, and the searches that count the same."""
    if not figures.read or not figures.read_for_words:
        return {"figures": figures}
    everything, read, read_for_words = (
        _scope(room, year, sample) for sample in (None, figures.read, figures.read_for_words)
    )
    members, mentioned = queries.name_members(figures.members, figures.mentioned)
    columns = draw_columns([month.count for month in figures.months])
    return {
        "figures": figures,
        "columns": columns,
        "months": [
            MonthLine(month, _search_month(everything, month.first), column)
            for month, column in zip(figures.months, columns.columns, strict=True)
        ],
        "active": _rank_members(members, everything, "member"),
        "mentioned": _rank_members(mentioned, everything, "mentions"),
        "week": draw_week(figures.hours) if figures.hours else None,
        "hours": list(enumerate(zip(*figures.hours, strict=True))) if figures.hours else [],
        "weekdays": WEEKDAYS,
        "emoji": _rank(
            [(f"[{token}]", count) for token, count in figures.emoji or ()],
            read,
        ),
        "words": _rank(figures.words or (), read_for_words),
    }


def _scope(room: Room | None, year: int | None, sample: Sample | None) -> QueryDict:
    """The parameters of a search of these messages alone."""
    scope = QueryDict(mutable=True)
    if room:
        scope["room"] = room.slug
    if sample and not sample.is_all:
        scope["since"] = sample.since.isoformat()
    elif year:
        scope["since"] = dt.date(year, 1, 1).isoformat()
    if year:
        scope["until"] = dt.date(year, 12, 31).isoformat()
    return scope


def _search(scope: QueryDict, **values: str) -> str:
    query = scope.copy()
    for name, value in values.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _search_month(scope: QueryDict, first: dt.date) -> str:
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return _search(scope, since=first.isoformat(), until=last.isoformat())


def _rank(counts: Sequence[tuple[str, int]], scope: QueryDict) -> list[Ranked]:
    """Words and emoji, each with the search for exactly this."""
    bars = draw_bars([count for _, count in counts])
    return [
        Ranked(label, count, _search(scope, q=f'"{label}"'), bar, show_emoji(label))
        for (label, count), bar in zip(counts, bars, strict=True)
    ]


def _rank_members(counts: Sequence[tuple[Member, int]], scope: QueryDict, parameter: str) -> list[Ranked]:
    bars = draw_bars([count for _, count in counts])
    return [
        Ranked(str(member), count, _search(scope, **{parameter: member.key}), bar, member=member)
        for (member, count), bar in zip(counts, bars, strict=True)
    ]


def _draw_years(covered: Coverage) -> list[CoveredYear]:
    signs = {date: SIGN_OF[state] for date, state in covered.days.items()}
    return [_draw_year(covered, year, draw_calendar(year, signs)) for year in covered.years]


def _draw_year(covered: Coverage, year: int, calendar: Calendar) -> CoveredYear:
    months = covered.count_by_month(year)
    counts = [(state, SIGN_OF[state], sum(of[state] for of in months.values())) for state in State]
    return CoveredYear(
        year, calendar, counts, [(first, [of[state] for state in State]) for first, of in sorted(months.items())]
    )


def _import_as_json(last: LastImport) -> dict[str, str | None] | None:
    if last.run is None:
        return None
    return {
        "started_at": _moment(last.run.started_at),
        "finished_at": _moment(last.run.finished_at),
        "outcome": "finished" if last.run.finished_at else "unfinished",
        "last_finished_at": _moment(last.finished_at),
    }


def _moment(time: dt.datetime | None) -> str | None:
    """In UTC, to the second."""
    return f"{time.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if time else None


def _as_json(covered: Coverage, request: HttpRequest) -> dict[str, Any]:
    return {
        "room": covered.room.slug,
        "title": str(covered.room),
        "url": request.build_absolute_uri(reverse("room", args=[covered.room.slug])),
        "first": covered.first and covered.first.isoformat(),
        "last": covered.last and covered.last.isoformat(),
        "days": {state.value: covered.counts[state] for state in State},
        "missing": [_stretch_as_json(stretch) for stretch in covered.missing],
        "rejected": _dates_as_json(date for date, state in covered.days.items() if state is State.REJECTED),
    }


def _stretch_as_json(stretch: coverage_queries.Stretch) -> dict[str, Any]:
    return {"first": stretch.first.isoformat(), "last": stretch.last.isoformat(), "days": stretch.day_count}


def _dates_as_json(dates: Iterable[dt.date]) -> list[str]:
    return [date.isoformat() for date in dates]
