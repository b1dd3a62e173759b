from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from chatlogs.queries import days as queries
from chatlogs.queries.digests import find_excerpt
from chatlogs.queries.mentions import count_mentioned, find_answered, read_mentions
from chatlogs.queries.rooms import get_room
from chatlogs.views.robots import render_nothing_of, render_page_of


@require_safe
def day_detail(request: HttpRequest, slug: str, date: dt.date) -> HttpResponse:
    room = get_room(slug)
    day = queries.get_day(room, date)
    context = {"room": room, "date": date, "neighbours": queries.find_neighbours(room, date)}
    if day is None:
        return render_nothing_of(room, request, "chatlogs/no_messages.html", context, status=404)
    conversations = queries.find_conversations(day)
    messages = queries.messages_of(conversations)
    read_mentions(messages)
    context |= {
        "day": day,
        "conversations": conversations,
        "shown": messages,
        "excerpt": find_excerpt(day) if room.is_open_to_robots else "",
        "answered": find_answered(messages),
        "mentioned": count_mentioned(messages),
        "same_date": queries.find_same_date(day),
    }
    return render_page_of(room, request, "chatlogs/day.html", context)
