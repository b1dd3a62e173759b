from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatlogs.models import Alias
from chatlogs.queries import member_activity as activity
from chatlogs.queries import member_directory as directory
from chatlogs.queries import members as queries
from chatlogs.queries.member_activity import ActiveYear
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.pagination import Cursor, get_page, positions_of
from chatlogs.web.charts import Heatmap, TimeLine, draw_year
from chatlogs.web.filters import Chip, MemberFilter
from chatlogs.web.page_cache import MemoryStore, cached_page

MEMBERS_A_PAGE = 100


@require_safe
@cached_page(MemoryStore())
def member_list(request: HttpRequest) -> HttpResponse:
    filters = MemberFilter(request.GET, request=request)
    context = _find(request, filters) if filters.is_valid() else {}
    status = 200 if filters.is_valid() else 400
    response = render(request, "chatlogs/members.html", context | {"filters": filters}, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@cached_page(MemoryStore())
def member_detail(request: HttpRequest, key: str) -> HttpResponse:
    member = queries.get_member(key)
    if member.key != key:
        return redirect(member, permanent=True)
    names = list(queries.find_names(member))
    talks = activity.find_talks(member)
    messages = positions_of(queries.find_messages_of(member))
    page = get_page(messages, Cursor(request.GET.get("older", ""), request.GET.get("newer", "")))
    read_mentions(page.messages)
    context = {
        "member": member,
        "person": next((name.person for name in names if name.person), ""),
        "names": names,
        "rooms": activity.share_by_room(names),
        "years": _draw_years(activity.find_active_years(member)),
        "companions": activity.find_companions(member),
        "talk_count": talks.count(),
        "talks": talks[: activity.NEWEST_TALKS],
        "page": page,
    }
    return render(request, "chatlogs/member.html", context | _draw_names(names))


def _find(request: HttpRequest, filters: MemberFilter) -> dict[str, Any]:
    paginator = Paginator(directory.find_wanted(filters.wanted), MEMBERS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    if page.object_list:
        return {"page": page, "facets": directory.count_facets(filters.wanted)}
    return {"page": page, "without": _count_without(filters)}


def _count_without(filters: MemberFilter) -> list[tuple[Chip, int]]:
    """Where nobody is found: who would be, with one condition less."""
    counts = directory.count_without(filters.wanted)
    return [(chip, counts[chip.name]) for chip in filters.chips if chip.name in counts]


def _draw_names(names: Sequence[Alias]) -> dict[str, Any]:
    """The names that are dated, each with its bar on a common time line."""
    dated = [(name, name.first_seen, name.last_seen) for name in names if name.first_seen and name.last_seen]
    if not dated:
        return {}
    line = TimeLine(min(first.year for _, first, _ in dated), max(last.year for _, _, last in dated))
    return {"line": line, "bars": [(name, line.bar(first, last)) for name, first, last in dated]}


def _draw_years(years: Sequence[ActiveYear]) -> list[tuple[ActiveYear, Heatmap]]:
    busiest = max((count for year in years for count in year.days.values()), default=0)
    return [(year, draw_year(year.number, year.days, busiest)) for year in years]
