from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatlogs.filters import MessageFilter
from chatlogs.models import Message
from chatlogs.queries import messages as queries
from chatlogs.queries import summaries
from chatlogs.queries.facets import Facets
from chatlogs.queries.pages import Cursor, MessagePage
from chatlogs.queries.search import MOST_COUNTED, find_page
from chatlogs.search.conditions import Conditions
from chatlogs.search.marking import Marker
from chatlogs.search.time_limits import TimeIsUp, time_limit
from chatlogs.throttling import SearchThrottle, throttled

# A page takes milliseconds. What takes seconds is not worth what it costs everybody else.
SECONDS_FOR_PAGE = 3.0
SECONDS_FOR_FACETS = 0.25
SECONDS_UNTIL_RETRY = 30


@require_safe
@throttled(SearchThrottle, with_query_only=True)
def message_list(request: HttpRequest) -> HttpResponse:
    filters = MessageFilter(request.GET, request=request)
    try:
        context = _find(request, filters) if filters.is_valid() else {"page": MessagePage([])}
    except TimeIsUp:
        context = {"filters": filters}
        response = render(request, "chatlogs/too_slow.html", context, status=503)
        response.headers["Retry-After"] = str(SECONDS_UNTIL_RETRY)
    else:
        context |= {"filters": filters, "is_index_complete": summaries.is_index_complete()}
        response = render(request, "chatlogs/messages.html", context, status=200 if filters.is_valid() else 400)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _find(request: HttpRequest, filters: MessageFilter) -> dict[str, Any]:
    conditions = filters.conditions
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""), filters.is_oldest_first)
    with time_limit(SECONDS_FOR_PAGE) as clock:
        context: dict[str, Any] = {"page": find_page(conditions, cursor, clock)}
        if conditions:
            context["count"] = summaries.get_count(conditions, clock)
            context["contexts"] = queries.find_contexts(context["page"].messages)
    context |= {"marker": Marker(conditions.wanted), "most_counted": MOST_COUNTED}
    if conditions and context["count"]:
        context["facets"] = _find_facets(conditions, in_full="counts" in request.GET)
    elif conditions:
        context |= {"without": _count_without(filters), "searched": summaries.find_searched(conditions)}
    return context


def _find_facets(conditions: Conditions, *, in_full: bool) -> Facets | None:
    """None where it would take long; whoever wants it all the same asks for it in full."""
    try:
        with time_limit(SECONDS_FOR_PAGE if in_full else SECONDS_FOR_FACETS) as clock:
            return summaries.get_facets(conditions, clock)
    except TimeIsUp:
        return None


def _count_without(filters: MessageFilter) -> list[tuple[Any, int]]:
    """Where nothing is found: what would be, with one condition less."""
    found = []
    with time_limit(SECONDS_FOR_PAGE) as clock:
        for chip in filters.chips:
            conditions = MessageFilter(chip.rest).conditions
            if conditions and (count := summaries.get_count(conditions, clock)):
                found.append((chip, count))
    return found


@require_safe
def message_permalink(request: HttpRequest, key: str) -> HttpResponse:
    """Leads to the message in its day; of doubled messages to the one that is shown."""
    message = queries.get_message(key)
    shown = message.double_of if message and message.double_of else message
    if message is None or shown is None or shown.state == Message.State.HELD:
        raise Http404
    if not shown.is_visible:
        return render(request, "chatlogs/gone.html", {"day": message.day}, status=410)
    return redirect(f"{message.day.get_absolute_url()}#m-{shown.key}")


@require_safe
def permalinks(request: HttpRequest) -> HttpResponse:
    """Cutting the tail of a permalink gives a page, too."""
    return redirect("messages")
