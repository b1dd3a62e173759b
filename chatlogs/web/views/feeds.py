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
from chatlogs.web.page_cache import cached_page
from chatlogs.web.search_engines import forbid_indexing, noindex_nofollow
from chatlogs.web.throttling import SearchThrottle, throttled
from chatlogs.web.views.messages import SECONDS_FOR_PAGE, message_list, too_slow


@require_safe
@cached_page()
def site_feed(request: HttpRequest) -> HttpResponse:
    return render_feed(request, SiteFeed())


@require_safe
@cached_page()
def room_feed(request: HttpRequest, slug: str) -> HttpResponse:
    room = get_room(slug)
    return forbid_indexing(room, render_feed(request, RoomFeed(), room))


@require_safe
@cached_page()
def member_feed(request: HttpRequest, key: str) -> HttpResponse:
    member = get_member(key)
    if member.key != key:
        return redirect("member-feed", member.key, permanent=True)
    return render_feed(request, MemberFeed(), member)


@require_safe
@cached_page()
def tag_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return render_feed(request, TagFeed(), get_tag(slug))


@require_safe
@throttled(SearchThrottle, with_query_only=True)
@cached_page()
@noindex_nofollow
def message_feed(request: HttpRequest) -> HttpResponseBase:
    """Return the newest messages that match, whatever the order on the page."""
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
    return render_feed(request, SearchFeed(), SearchHits(filters, page.messages))


def render_feed(request: HttpRequest, feed: ArchiveFeed, subject: object = None) -> HttpResponse:
    """Render a feed without the Last-Modified header of Django's feed view, which ignores removals."""
    response = HttpResponse(content_type=Atom.content_type)
    feed.get_feed(subject, request).write(response, "utf-8")
    return response
