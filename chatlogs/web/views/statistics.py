from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
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
from chatlogs.queries.coverage import Coverage, State
from chatlogs.queries.facets import MonthCount
from chatlogs.queries.rooms import find_choices
from chatlogs.queries.statistics import Figures, Sample, show_emoji
from chatlogs.web.charts import Bar, Calendar, Column, draw_bars, draw_calendar, draw_columns, draw_sign, draw_week
from chatlogs.web.filters import FigureFilter
from chatlogs.web.page_cache import cached_page, do_not_cache
from chatlogs.web.search_engines import noindex_nofollow
from chatlogs.web.throttling import SearchThrottle, throttled

SIGN_OF = {State.WITH: "square", State.WITHOUT: "frame", State.REJECTED: "triangle", State.MISSING_FILE: "cross"}


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry of a ranking; `search` is the query string that finds the counted messages."""

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
    """A year of a room; `months` count the days in each state, in the order of `State`."""

    number: int
    calendar: Calendar
    counts: Sequence[tuple[State, str, int]]
    months: Sequence[tuple[dt.date, Sequence[int]]]


@require_safe
@throttled(SearchThrottle, with_query_only=True)
@cached_page()
@noindex_nofollow
def statistics(request: HttpRequest) -> HttpResponse:
    filters = FigureFilter(request.GET, request=request)
    room, year = filters.values.get("room"), filters.values.get("year")
    context = {"filters": filters, "rooms": find_choices(room.slug if room else ""), "room": room, "year": year}
    figures = queries.get_figures(room, year) if filters.is_valid() else None
    if figures is None:
        return render(request, "chatlogs/stats.html", context, status=400)
    context["figures"] = figures
    if figures.read and figures.read_for_words:
        context |= _draw_figures(figures, room, year)
    response = render(request, "chatlogs/stats.html", context)
    if not figures.is_whole:
        do_not_cache(response)
    return response


def _draw_figures(figures: Figures, room: Room | None, year: int | None) -> dict[str, Any]:
    """Return the charts and rankings, each entry with the search for the messages that it counts."""
    everything, read, read_for_words = (
        _scope(room, year, sample) for sample in (None, figures.read, figures.read_for_words)
    )
    members, mentioned = queries.name_members(figures.members, figures.mentioned)
    columns = draw_columns([month.count for month in figures.months])
    months = []
    for month, column in zip(figures.months, columns.columns, strict=True):
        last = month.first.replace(day=monthrange(month.first.year, month.first.month)[1])
        search = _search(everything, since=month.first.isoformat(), until=last.isoformat())
        months.append(MonthLine(month, search, column))
    return {
        "columns": columns,
        "months": months,
        "active": _rank_members(members, everything, "member"),
        "mentioned": _rank_members(mentioned, everything, "mentions"),
        "week": draw_week(figures.hours) if figures.hours else None,
        "hours": list(enumerate(zip(*figures.hours, strict=True))) if figures.hours else [],
        "weekdays": WEEKDAYS,
        "emoji": _rank_words([(f"[{token}]", count) for token, count in figures.emoji or ()], read),
        "words": _rank_words(figures.words or (), read_for_words),
    }


def _scope(room: Room | None, year: int | None, sample: Sample | None) -> QueryDict:
    """Return the parameters of a search within the room, the year and the sample."""
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


def _rank_words(counts: Sequence[tuple[str, int]], scope: QueryDict) -> list[Ranked]:
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


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    context = {
        "rooms": [(one, _draw_years(one)) for one in coverage_queries.find_coverage()],
        "signs": {state: (sign, draw_sign(sign)) for state, sign in SIGN_OF.items()},
        "last_import": coverage_queries.find_last_import(),
    }
    return render(request, "chatlogs/coverage.html", context)


def _draw_years(covered: Coverage) -> list[CoveredYear]:
    signs = {date: SIGN_OF[state] for date, state in covered.days.items()}
    years = []
    for year in covered.years:
        months = covered.count_by_month(year)
        counts = [(state, SIGN_OF[state], sum(of[state] for of in months.values())) for state in State]
        rows = [(first, [of[state] for state in State]) for first, of in sorted(months.items())]
        years.append(CoveredYear(year, draw_calendar(year, signs), counts, rows))
    return years


@require_safe
def coverage_json(request: HttpRequest) -> HttpResponse:
    """The same figures for monitoring, in UTC and without translations."""
    last = coverage_queries.find_last_import()
    last_import = last.run and {
        "started_at": _in_utc(last.run.started_at),
        "finished_at": _in_utc(last.run.finished_at),
        "outcome": "finished" if last.run.finished_at else "unfinished",
        "last_finished_at": _in_utc(last.finished_at),
    }
    rooms = [
        {
            "room": covered.room.slug,
            "title": str(covered.room),
            "url": request.build_absolute_uri(reverse("room", args=[covered.room.slug])),
            "first": covered.first and covered.first.isoformat(),
            "last": covered.last and covered.last.isoformat(),
            "days": {state.value: covered.counts[state] for state in State},
            "missing": [
                {"first": gap.first.isoformat(), "last": gap.last.isoformat(), "days": gap.day_count}
                for gap in covered.missing
            ],
            "rejected": [date.isoformat() for date, state in covered.days.items() if state is State.REJECTED],
        }
        for covered in coverage_queries.find_coverage()
    ]
    data = {"last_import": last_import, "rooms": rooms}
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _in_utc(time: dt.datetime | None) -> str | None:
    return f"{time.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if time else None
