from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatlogs.queries import member_activity as activity
from chatlogs.queries import member_directory as directory
from chatlogs.queries import members as queries
from chatlogs.queries.mentions import read_mentions
from chatlogs.queries.pagination import Cursor, get_page, positions_of
from chatlogs.web.charts import TimeLine, draw_year
from chatlogs.web.filters import MemberFilter
from chatlogs.web.page_cache import cached_page
from chatlogs.web.search_engines import noindex_nofollow

MEMBERS_A_PAGE = 100


@require_safe
@cached_page()
@noindex_nofollow
def member_list(request: HttpRequest) -> HttpResponse:
    filters = MemberFilter(request.GET, request=request)
    context: dict[str, Any] = {"filters": filters}
    if not filters.is_valid():
        return render(request, "chatlogs/members.html", context, status=400)
    paginator = Paginator(directory.find_members_by(filters.criteria), MEMBERS_A_PAGE)
    context["page"] = page = paginator.get_page(request.GET.get("page"))
    if page.object_list:
        context["facets"] = directory.count_facets(filters.criteria)
    else:
        counts = directory.count_without(filters.criteria)
        context["without"] = [(chip, counts[chip.name]) for chip in filters.chips if chip.name in counts]
    return render(request, "chatlogs/members.html", context)


@require_safe
@cached_page()
def member_detail(request: HttpRequest, key: str) -> HttpResponse:
    member = queries.get_member(key)
    if member.key != key:
        return redirect(member, permanent=True)
    names = list(queries.find_names(member))
    talks = activity.find_talks(member)
    messages = positions_of(queries.find_messages_of(member))
    page = get_page(messages, Cursor(request.GET.get("older", ""), request.GET.get("newer", "")))
    read_mentions(page.messages)
    years = activity.find_active_years(member)
    busiest = max((count for year in years for count in year.days.values()), default=0)
    context = {
        "member": member,
        "person": next((name.person for name in names if name.person), ""),
        "names": names,
        "rooms": activity.share_by_room(names),
        "years": [(year, draw_year(year.number, year.days, busiest)) for year in years],
        "companions": activity.find_companions(member),
        "talk_count": talks.count(),
        "talks": talks[: activity.NEWEST_TALKS],
        "page": page,
    }
    dated = [(name, name.first_seen, name.last_seen) for name in names if name.first_seen and name.last_seen]
    if dated:
        line = TimeLine(min(first.year for _, first, _ in dated), max(last.year for _, _, last in dated))
        context |= {"line": line, "bars": [(name, line.bar(first, last)) for name, first, last in dated]}
    return render(request, "chatlogs/member.html", context)
