"""A day's messages as Markdown, JSON and plain text."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from chatlogs.api.serializers import DayMessageSerializer
from chatlogs.models import Day
from chatlogs.queries.days import get_day
from chatlogs.queries.exports import find_messages_of_day
from chatlogs.queries.rooms import get_room
from chatlogs.queries.timelines import read_timeline
from chatlogs.web.page_cache import revalidated
from chatlogs.web.rendering import escape_markdown, render_in_markdown, render_in_text
from chatlogs.web.search_engines import forbid_indexing


@require_safe
@revalidated
def day_format(request: HttpRequest, slug: str, date: dt.date, ending: str) -> HttpResponse:
    room = get_room(slug)
    day = get_day(room, date)
    if day is None:
        raise Http404
    address = request.build_absolute_uri(day.get_absolute_url())
    return forbid_indexing(room, FORMATS[ending](request, day, address))


def _as_markdown(request: HttpRequest, day: Day, address: str) -> HttpResponse:
    text = f"# {escape_markdown(str(day))}\n\n<{address}> ({day.room.time_zone})\n\n"
    text += render_in_markdown(read_timeline(day).messages)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _as_text(request: HttpRequest, day: Day, address: str) -> HttpResponse:
    text = f"{day}\n{address} ({day.room.time_zone})\n\n{render_in_text(read_timeline(day).messages)}"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _as_json(request: HttpRequest, day: Day, address: str) -> HttpResponse:
    """Return the day with its messages as in the API."""
    serialize = DayMessageSerializer(context={"request": request}).to_representation
    data = {
        "room": day.room.slug,
        "title": str(day.room),
        "date": day.date.isoformat(),
        "time_zone": day.room.time_zone,
        "url": address,
        "messages": [serialize(message) for message in find_messages_of_day(day)],
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


FORMATS = {"md": _as_markdown, "json": _as_json, "txt": _as_text}
