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
from chatlogs.web.filters import Chip, LinkFilter
from chatlogs.web.page_cache import MemoryStore, cached_page

ADDRESSES_A_PAGE = 50


@require_safe
@cached_page(MemoryStore())
def link_list(request: HttpRequest) -> HttpResponse:
    filters = LinkFilter(request.GET, request=request)
    context = _find(request, filters) if filters.is_valid() else {}
    status = 200 if filters.is_valid() else 400
    return _show(request, "links", context | {"filters": filters}, status=status)


@require_safe
@cached_page(MemoryStore())
def link_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Where an address was shared, named by the key of any message that did."""
    link = queries.get_link(key)
    filters = LinkFilter(request.GET, request=request)
    positions = queries.find_shares(link.url, filters.wanted)
    cursor = Cursor(request.GET.get("older", ""), request.GET.get("newer", ""))
    page = get_page(queries.among(positions), cursor)
    read_mentions(page.messages)
    return _show(request, "link", {"link": link, "filters": filters, "count": len(positions), "page": page})


def _find(request: HttpRequest, filters: LinkFilter) -> dict[str, Any]:
    addresses: Any = queries.Addresses(filters.wanted)
    paginator: Paginator[queries.Address] = Paginator(addresses, ADDRESSES_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    if paginator.count:
        return {"page": page, "hosts": queries.find_hosts(filters.wanted)}
    return {"without": _count_without(filters), "has_messages": has_messages()}


def _count_without(filters: LinkFilter) -> list[tuple[Chip, int]]:
    """Where nothing is found: what would be, with one condition less."""
    counts = queries.count_without(filters.wanted)
    return [(chip, counts[chip.name]) for chip in filters.chips if chip.name in counts]


def _show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, f"chatlogs/{template}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
