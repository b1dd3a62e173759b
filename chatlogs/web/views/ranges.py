"""A range of a day's messages on a page of its own, with a citation to copy."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from chatlogs.queries import days as queries
from chatlogs.queries.conversations import group_in_conversations
from chatlogs.queries.ranges import MOST_CITED, find_excerpt
from chatlogs.queries.rooms import get_room
from chatlogs.web.page_cache import revalidated
from chatlogs.web.rendering import ConversationRenderer, link_in_markdown, render_in_markdown
from chatlogs.web.search_engines import render_unindexed


@revalidated
def excerpt(request: HttpRequest, slug: str, date: dt.date) -> HttpResponse:
    room = get_room(slug)
    day = queries.get_day(room, date)
    found = find_excerpt(day, request.GET.get("from", ""), request.GET.get("to", "")) if day else None
    context = {"room": room, "date": date, "day": day, "excerpt": found, "most_cited": MOST_CITED}
    if day is None or found is None:
        return render_unindexed(room, request, "chatlogs/no_excerpt.html", context, status=404)
    messages = found.timeline.messages
    renderer = ConversationRenderer(date, {}, {message.key for message in messages})
    address = f"{reverse('day', args=[slug, date])}?from={messages[0].key}&to={messages[-1].key}"
    label = f"{room}, {date} {messages[0].time:%H:%M}–{messages[-1].time:%H:%M}"
    link = link_in_markdown(label, request.build_absolute_uri(address))
    context |= {
        "conversations": renderer.render(group_in_conversations(found.timeline)),
        "citation": f"{render_in_markdown(messages)}>\n> — {link}\n",
        "address": address,
        "first_address": reverse("message", args=[messages[0].key]),
    }
    return render_unindexed(room, request, "chatlogs/excerpt.html", context)
