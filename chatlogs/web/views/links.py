from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatlogs.queries import links as queries
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.messages import has_messages
from chatlogs.queries.pagination import Cursor, get_page
from chatlogs.web.filters import LinkFilter
from chatlogs.web.page_cache import cached_page
from chatlogs.web.search_engines import noindex_nofollow

ADDRESSES_A_PAGE = 50


@require_safe
@cached_page()
@noindex_nofollow
def link_list(request: HttpRequest) -> HttpResponse:
    filters = LinkFilter(request.GET, request=request)
    context: dict[str, Any] = {"filters": filters}
    if not filters.is_valid():
        return render(request, "chatlogs/links.html", context, status=400)
    addresses: Any = queries.Addresses(filters.criteria)
    paginator: Paginator[queries.Address] = Paginator(addresses, ADDRESSES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    if paginator.count:
        context |= {"page": page, "hosts": queries.find_hosts(filters.criteria)}
    else:
        counts = queries.count_without(filters.criteria)
        without = [(chip, counts[chip.name]) for chip in filters.chips if chip.name in counts]
        context |= {"without": without, "has_messages": has_messages()}
    return render(request, "chatlogs/links.html", context)


@require_safe
@cached_page()
@noindex_nofollow
def link_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show where a link was shared; `key` is that of any message that shares it."""
    link = queries.get_link(key)
    filters = LinkFilter(request.GET, request=request)
    positions = queries.find_shares(link.url, filters.criteria)
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""))
    page = get_page(queries.among(positions), cursor)
    read_mentions(page.messages)
    context = {"link": link, "filters": filters, "count": len(positions), "page": page}
    return render(request, "chatlogs/link.html", context)
