from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatlogs.db.timeouts import TimeLimitExceeded, time_limit
from chatlogs.models import Message
from chatlogs.queries import messages as queries
from chatlogs.queries.conversations import find_part_number
from chatlogs.queries.facets import Facets
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.pagination import PAGE_SIZE, Cursor, MessagePage
from chatlogs.queries.search import MOST_COUNTED, Search, count_each, read_scope
from chatlogs.queries.search_counts import (
    find_searched,
    get_count,
    get_facets,
    is_known_to_be_slow,
    remember_to_be_slow,
)
from chatlogs.search.highlighting import Marker
from chatlogs.web.filters import Chip, MessageFilter
from chatlogs.web.page_cache import cached_page, do_not_cache
from chatlogs.web.search_engines import forbid_indexing, noindex_nofollow, render_unindexed
from chatlogs.web.throttling import SearchThrottle, render_retry_later, throttled

# A page takes milliseconds; a search of seconds slows down everybody else.
SECONDS_FOR_PAGE = 3.0
SECONDS_FOR_FACETS = 0.25
SECONDS_UNTIL_RETRY = 30

# Fewer than in the plain list: each hit is shown with four messages of context.
HITS_A_PAGE = 25


@require_safe
@throttled(SearchThrottle, with_query_only=True)
@cached_page()
@noindex_nofollow
def message_list(request: HttpRequest) -> HttpResponse:
    filters = MessageFilter(request.GET, request=request)
    if not filters.is_valid():
        context: dict[str, Any] = {"filters": filters, "page": MessagePage([])}
        return render(request, "chatlogs/messages.html", context, status=400)
    try:
        with time_limit(SECONDS_FOR_PAGE) as clock:
            search = Search(filters.conditions, read_scope(filters.conditions), clock)
            context = {
                "filters": filters,
                "is_index_complete": search.scope.is_index_complete,
                "most_counted": MOST_COUNTED,
            }
            if not search.conditions:
                context["page"] = _read_page(request, filters, search, PAGE_SIZE)
            seconds_left = clock.seconds_left
        if search.conditions:
            # The facets come first and have a limit of their own: their search also gives the count and the page.
            facets = _find_facets(search, in_full="counts" in request.GET)
            with time_limit(seconds_left) as search.clock:
                page = _read_page(request, filters, search, HITS_A_PAGE)
                context |= {
                    "page": page,
                    "contexts": queries.find_contexts(page.messages),
                    "count": get_count(search),
                    "marker": Marker(search.conditions.wanted),
                }
            if context["count"]:
                context["facets"] = facets
            else:
                context |= {"without": _count_without(filters, search), "searched": find_searched(search.conditions)}
    except TimeLimitExceeded:
        return too_slow(request, filters)
    response = render(request, "chatlogs/messages.html", context)
    if context.get("count") and context["facets"] is None:
        do_not_cache(response)
    return response


def too_slow(request: HttpRequest, filters: MessageFilter) -> HttpResponse:
    context = {"filters": filters}
    return render_retry_later(request, "chatlogs/too_slow.html", context, status=503, seconds=SECONDS_UNTIL_RETRY)


def _read_page(request: HttpRequest, filters: MessageFilter, search: Search, size: int) -> MessagePage:
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""), filters.is_oldest_first)
    page = search.page(cursor, size)
    read_mentions(page.messages)
    return page


def _find_facets(search: Search, *, in_full: bool) -> Facets | None:
    """Return the facets, or None if they take long and were not explicitly requested."""
    if not in_full and is_known_to_be_slow(search):
        return None
    try:
        with time_limit(SECONDS_FOR_PAGE if in_full else SECONDS_FOR_FACETS) as search.clock:
            return get_facets(search)
    except TimeLimitExceeded:
        remember_to_be_slow(search)
        return None


def _count_without(filters: MessageFilter, search: Search) -> list[tuple[Chip, int]]:
    """Return how many messages would be found without each filter, where there are any."""
    with time_limit(SECONDS_FOR_PAGE) as clock:
        searches = [(chip, Search(MessageFilter(chip.rest).conditions, search.scope, clock)) for chip in filters.chips]
        narrowed = [(chip, one) for chip, one in searches if one.conditions]
        counts = count_each([one for _, one in narrowed])
    return [(chip, count) for (chip, _), count in zip(narrowed, counts, strict=True) if count]


@require_safe
def message_permalink(request: HttpRequest, key: str) -> HttpResponse:
    """Redirect to the message on its day's page."""
    message = open_message(request, key)
    if isinstance(message, HttpResponse):
        return message
    part = find_part_number(message)
    page = f"{message.day.get_absolute_url()}?part={part}" if part > 1 else message.day.get_absolute_url()
    return forbid_indexing(message.room, redirect(f"{page}#m-{message.key}"))


@require_safe
def permalinks(request: HttpRequest) -> HttpResponse:
    """Redirect from a permalink without its key to the list of messages."""
    return redirect("messages")


def open_message(request: HttpRequest, key: str) -> Message | HttpResponse:
    """Return the visible message with this key (of duplicates, the one shown), or the page that says it is gone.

    Raises Http404 for a message that was never public, or is in a room that the reader may not enter.
    """
    message = queries.get_message(key)
    shown = message.duplicate_of if message and message.duplicate_of else message
    if message is None or shown is None or shown.state == Message.State.HELD:
        raise Http404
    shown.room, shown.day = message.day.room, message.day
    if not shown.is_visible:
        return render_unindexed(shown.room, request, "chatlogs/gone.html", {"day": shown.day}, status=410)
    return shown
