from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.models import Room
from chatlogs.queries import rooms as queries
from chatlogs.queries.days import find_neighbours
from chatlogs.queries.previews import find_latest_conversations
from chatlogs.web.charts import Heatmap, draw_year
from chatlogs.web.page_cache import cached_page
from chatlogs.web.search_engines import forbid_indexing, render_room_page, render_unindexed

# Speakers' days on a room's page: those shown at once, and those that are shown at all.
NEWEST_TALKS, MOST_TALKS = 10, 200


@require_safe
@cached_page()
def home(request: HttpRequest) -> HttpResponse:
    rooms = list(queries.find_rooms())
    counts = queries.count_by_room_and_date()
    context = {
        "rooms": [(room, *_draw_last_year(counts.get(room.pk, {}))) for room in rooms],
        "totals": queries.sum_up(rooms),
        "newest": find_latest_conversations(),
    }
    return render(request, "chatlogs/home.html", context)


def _draw_last_year(counts: Mapping[dt.date, int]) -> tuple[int, Heatmap | None]:
    """Return the last year with messages and its heatmap."""
    if not counts:
        return 0, None
    year = max(counts).year
    of_year = {date: count for date, count in counts.items() if date.year == year}
    return year, draw_year(year, of_year, max(of_year.values()))


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("home") + "#rooms")


@require_safe
def old_address(request: HttpRequest, slug: str, date: dt.date) -> HttpResponse:
    """Redirect from a day's address on the community's former site, which other sites still link to."""
    return redirect("day", slug, date, permanent=True)


@require_safe
@cached_page()
def room_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a room; `?date=` (the form that jumps to a day) redirects to that day."""
    room = queries.get_room_with_figures(slug)
    if date := _read_date(request.GET.get("date", "")):
        return forbid_indexing(room, redirect("day", slug, date))
    years = queries.find_years(room)
    counts = {cell.date: cell.message_count for year in years for cell in year.days}
    busiest = max(counts.values(), default=0)
    talks = list(queries.find_talks(room)[:MOST_TALKS])
    context = {
        "room": room,
        "years": [(year, draw_year(year.number, counts, busiest)) for year in years],
        "talks": talks[:NEWEST_TALKS],
        "earlier_talks": talks[NEWEST_TALKS:],
    }
    return render_room_page(room, request, "chatlogs/room.html", context)


@require_safe
@cached_page()
def year_detail(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    room = queries.get_room(slug)
    years = queries.find_years(room)
    chosen = next((one for one in years if one.number == year), None)
    if chosen is None:
        return _render_no_messages(request, room, dt.date(year, 1, 1))
    context = {"room": room, "year": chosen, "years": years}
    return render_room_page(room, request, "chatlogs/year.html", context)


@require_safe
@cached_page()
def month_detail(request: HttpRequest, slug: str, month: dt.date) -> HttpResponse:
    room = queries.get_room(slug)
    years = queries.find_years(room)
    months = [one for year in reversed(years) for one in year.months]
    place = next((place for place, one in enumerate(months) if one.first == month), None)
    if place is None:
        return _render_no_messages(request, room, month)
    context = {
        "room": room,
        "month": months[place],
        "previous": months[place - 1] if place else None,
        "next": months[place + 1] if place + 1 < len(months) else None,
        "days": queries.find_days_of_month(room, month),
    }
    return render_room_page(room, request, "chatlogs/month.html", context)


def _render_no_messages(request: HttpRequest, room: Room, date: dt.date) -> HttpResponse:
    """Answer 404 for a year or month without messages, with links to the nearest days."""
    context = {"room": room, "date": date, "neighbours": find_neighbours(room, date)}
    return render_unindexed(room, request, "chatlogs/no_messages.html", context, status=404)


def _read_date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
