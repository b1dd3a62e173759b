"""A day for other programs: what its page shows, as Markdown, JSON and plain text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chatlogs.models import Day
from chatlogs.queries.days import get_day
from chatlogs.queries.rooms import get_room
from chatlogs.queries.timelines import Timeline, TimelineMessage, read_timeline
from chatlogs.web.page_cache import revalidated
from chatlogs.web.rendering import escape_markdown, render_in_markdown, render_in_text
from chatlogs.web.search_engines import keep_to_itself


@require_safe
@revalidated
def day_format(request: HttpRequest, slug: str, date: dt.date, ending: str) -> HttpResponse:
    room = get_room(slug)
    day = get_day(room, date)
    if day is None:
        raise Http404
    return keep_to_itself(room, FORMS[ending](request, day, read_timeline(day)))


def _as_markdown(request: HttpRequest, day: Day, timeline: Timeline) -> HttpResponse:
    address = request.build_absolute_uri(day.get_absolute_url())
    text = f"# {escape_markdown(str(day))}\n\n<{address}> ({day.room.time_zone})\n\n"
    return HttpResponse(text + render_in_markdown(timeline.messages), content_type="text/markdown; charset=utf-8")


def _as_text(request: HttpRequest, day: Day, timeline: Timeline) -> HttpResponse:
    address = request.build_absolute_uri(day.get_absolute_url())
    text = f"{day}\n{address} ({day.room.time_zone})\n\n{render_in_text(timeline.messages)}"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _as_json(request: HttpRequest, day: Day, timeline: Timeline) -> HttpResponse:
    """Messages as the API tells them."""
    data = {
        "room": day.room.slug,
        "title": str(day.room),
        "date": day.date.isoformat(),
        "time_zone": day.room.time_zone,
        "url": request.build_absolute_uri(day.get_absolute_url()),
        "messages": [_tell(request, message) for message in timeline.messages],
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _tell(request: HttpRequest, message: TimelineMessage) -> dict[str, Any]:
    member = message.alias.listed_member if message.alias else None
    sender = {"name": message.alias.name or None, "member": member.key if member else None} if message.alias else None
    return {
        "key": message.key,
        "url": request.build_absolute_uri(reverse("message", args=[message.key])),
        "time": message.time.isoformat(),
        "sent_at": dt.datetime.fromtimestamp(message.second, dt.UTC).isoformat().replace("+00:00", "Z"),
        "sender": sender,
        "kind": message.kind,
        "text": message.text,
        "link": message.link_url,
        "image": message.image_url,
    }


FORMS = {"md": _as_markdown, "json": _as_json, "txt": _as_text}
