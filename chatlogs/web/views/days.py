from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chatlogs.models import Day
from chatlogs.queries import days as queries
from chatlogs.queries.conversations import Part, cut_in_parts, group_in_conversations, index_conversations
from chatlogs.queries.highlights import find_highlights_of, get_note
from chatlogs.queries.mentions import count_mentioned, find_answered
from chatlogs.queries.previews import find_excerpt
from chatlogs.queries.rooms import get_room
from chatlogs.queries.timelines import Timeline, read_timeline
from chatlogs.web.page_cache import DatabaseStore, cached_page
from chatlogs.web.rendering import ConversationRenderer
from chatlogs.web.search_engines import keep_to_itself, render_nothing_of, render_page_of
from chatlogs.web.views.ranges import excerpt


@require_safe
def day_detail(request: HttpRequest, slug: str, date: dt.date) -> HttpResponseBase:
    """A range of its messages where one is asked for by `from` and `to`."""
    if "from" in request.GET:
        return excerpt(request, slug, date)
    return _whole_day(request, slug, date)


@cached_page(DatabaseStore(), frozenset({"part"}))
def _whole_day(request: HttpRequest, slug: str, date: dt.date) -> HttpResponse:
    room = get_room(slug)
    day = queries.get_day(room, date)
    context = {"room": room, "date": date, "neighbours": queries.find_neighbours(room, date)}
    if day is None:
        return render_nothing_of(room, request, "chatlogs/no_messages.html", context, status=404)
    timeline = read_timeline(day)
    parts = cut_in_parts(group_in_conversations(timeline))
    part = _choose(parts, request.GET.get("part", "1"))
    if part is None:
        return keep_to_itself(room, redirect(day))
    context |= {
        "day": day,
        "shown": part.messages,
        "excerpt": find_excerpt(day) if room.is_open_to_robots else "",
        "same_date": queries.find_same_date(day),
        "mentioned": count_mentioned(timeline.messages),
        "note": get_note(day),
        "highlights": find_highlights_of(day),
    }
    return render_page_of(room, request, "chatlogs/day.html", context | _show(day, timeline, parts, part))


def _choose(parts: Sequence[Part], number: str) -> Part | None:
    return next((part for part in parts if str(part.number) == number), None)


def _show(day: Day, timeline: Timeline, parts: Sequence[Part], part: Part) -> dict[str, Any]:
    """The part, and the way to the others."""
    answered = find_answered(timeline.messages)
    keys = {message.key for message in part.messages}
    renderer = ConversationRenderer(day.date, answered, keys)
    return {
        "conversations": renderer.render(part.conversations),
        "index": index_conversations(parts),
        "part": part,
        "parts": parts,
    }
