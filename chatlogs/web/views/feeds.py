from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chatlogs.db.timeouts import TimeLimitExceeded, time_limit
from chatlogs.queries.highlights import get_tag
from chatlogs.queries.members import get_member
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.pagination import Cursor
from chatlogs.queries.rooms import get_room
from chatlogs.queries.search import Search, read_scope
from chatlogs.web.feeds import MemberFeed, RoomFeed, SearchFeed, SearchHits, SiteFeed, TagFeed
from chatlogs.web.feeds.atom import MOST_ENTRIES, ArchiveFeed, Atom
from chatlogs.web.filters import MessageFilter
from chatlogs.web.page_cache import MemoryStore, cached_page
from chatlogs.web.search_engines import keep_to_itself
from chatlogs.web.throttling import SearchThrottle, throttled
from chatlogs.web.views.messages import SECONDS_FOR_PAGE, message_list, too_slow


@require_safe
@cached_page(MemoryStore())
def site_feed(request: HttpRequest) -> HttpResponse:
    return render_feed(request, SiteFeed())


@require_safe
@cached_page(MemoryStore())
def room_feed(request: HttpRequest, slug: str) -> HttpResponse:
    room = get_room(slug)
    return keep_to_itself(room, render_feed(request, RoomFeed(), room))


@require_safe
@cached_page(MemoryStore())
def member_feed(request: HttpRequest, key: str) -> HttpResponse:
    member = get_member(key)
    if member.key != key:
        return redirect("member-feed", member.key, permanent=True)
    return render_feed(request, MemberFeed(), member)


@require_safe
@cached_page(MemoryStore())
def tag_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return render_feed(request, TagFeed(), get_tag(slug))


@require_safe
@throttled(SearchThrottle, with_query_only=True)
@cached_page(MemoryStore())
def message_feed(request: HttpRequest) -> HttpResponseBase:
    """The newest that is found, in whatever order the page shows it."""
    filters = MessageFilter(request.GET, request=request)
    if not filters.is_valid():
        return message_list(request)
    try:
        with time_limit(SECONDS_FOR_PAGE) as clock:
            search = Search(filters.conditions, read_scope(filters.conditions), clock)
            page = search.page(Cursor(), MOST_ENTRIES)
            read_mentions(page.messages)
    except TimeLimitExceeded:
        return too_slow(request, filters)
    response = render_feed(request, SearchFeed(), SearchHits(filters, page.messages))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def render_feed(request: HttpRequest, feed: ArchiveFeed, about: object = None) -> HttpResponse:
    """Without the Last-Modified of Django's own, which does not know of removals."""
    response = HttpResponse(content_type=Atom.content_type)
    feed.get_feed(about, request).write(response, "utf-8")
    return response
