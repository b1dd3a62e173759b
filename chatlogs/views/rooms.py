from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.models import Room
from chatlogs.queries import rooms as queries
from chatlogs.queries.days import find_neighbours
from chatlogs.views.robots import keep_to_itself, render_nothing_of, render_page_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    rooms = list(queries.find_rooms())
    context = {
        "rooms": rooms,
        "totals": queries.sum_up(rooms),
        "newest_days": queries.find_newest_days(),
    }
    return render(request, "chatlogs/home.html", context)


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("home") + "#rooms")


@require_safe
def room_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Also takes a date from the form that jumps to a day."""
    room = queries.get_room(slug)
    if date := _read_date(request.GET.get("date", "")):
        return keep_to_itself(room, redirect("day", slug, date))
    context = {"room": room, "years": queries.find_years(room)}
    return render_page_of(room, request, "chatlogs/room.html", context)


@require_safe
def year_detail(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    room = queries.get_room(slug)
    years = queries.find_years(room)
    chosen = next((one for one in years if one.number == year), None)
    if chosen is None:
        return _nothing_here(request, room, dt.date(year, 1, 1))
    context = {"room": room, "year": chosen, "years": years}
    return render_page_of(room, request, "chatlogs/year.html", context)


@require_safe
def month_detail(request: HttpRequest, slug: str, month: dt.date) -> HttpResponse:
    room = queries.get_room(slug)
    years = queries.find_years(room)
    months = [one for year in reversed(years) for one in year.months]
    place = next((place for place, one in enumerate(months) if one.first == month), None)
    if place is None:
        return _nothing_here(request, room, month)
    context = {
        "room": room,
        "month": months[place],
        "previous": months[place - 1] if place else None,
        "next": months[place + 1] if place + 1 < len(months) else None,
        "days": queries.find_days_of_month(room, month),
    }
    return render_page_of(room, request, "chatlogs/month.html", context)


def _nothing_here(request: HttpRequest, room: Room, date: dt.date) -> HttpResponse:
    """A year or month without messages: says so, and leads to the nearest days."""
    context = {"room": room, "date": date, "neighbours": find_neighbours(room, date)}
    return render_nothing_of(room, request, "chatlogs/no_messages.html", context, status=404)


def _read_date(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
