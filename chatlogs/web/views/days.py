from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chatlogs.queries import days as queries
from chatlogs.queries.conversations import cut_in_parts, group_in_conversations, index_conversations
from chatlogs.queries.highlights import find_highlights_of, get_note
from chatlogs.queries.mentions import count_mentioned, find_answered
from chatlogs.queries.previews import find_excerpt
from chatlogs.queries.rooms import get_room
from chatlogs.queries.timelines import read_timeline
from chatlogs.web.page_cache import DatabaseStore, cached_page
from chatlogs.web.rendering import ConversationRenderer
from chatlogs.web.search_engines import forbid_indexing, render_room_page, render_unindexed
from chatlogs.web.views.ranges import excerpt


@require_safe
def day_detail(request: HttpRequest, slug: str, date: dt.date) -> HttpResponseBase:
    """Show a day, or only the range of messages that `from` and `to` name."""
    if "from" in request.GET:
        return excerpt(request, slug, date)
    return _whole_day(request, slug, date)


@cached_page(DatabaseStore(), parameters={"part"})
def _whole_day(request: HttpRequest, slug: str, date: dt.date) -> HttpResponse:
    room = get_room(slug)
    day = queries.get_day(room, date)
    context = {"room": room, "date": date, "neighbours": queries.find_neighbours(room, date)}
    if day is None:
        return render_unindexed(room, request, "chatlogs/no_messages.html", context, status=404)
    timeline = read_timeline(day)
    parts = cut_in_parts(group_in_conversations(timeline))
    part = next((part for part in parts if str(part.number) == request.GET.get("part", "1")), None)
    if part is None:
        return forbid_indexing(room, redirect(day))
    keys = {message.key for message in part.messages}
    renderer = ConversationRenderer(date, find_answered(timeline.messages), keys)
    context |= {
        "day": day,
        "shown": part.messages,
        "excerpt": find_excerpt(day) if room.is_open_to_robots else "",
        "same_date": queries.find_same_date(day),
        "mentioned": count_mentioned(timeline.messages),
        "note": get_note(day),
        "highlights": find_highlights_of(day),
        "conversations": renderer.render(part.conversations),
        "index": index_conversations(parts),
        "part": part,
        "parts": parts,
    }
    return render_room_page(room, request, "chatlogs/day.html", context)
