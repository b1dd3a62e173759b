from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatlogs.queries import members as queries
from chatlogs.queries.pages import Cursor, get_page, positions_of

MEMBERS_A_PAGE = 100


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    paginator = Paginator(queries.find_members(), MEMBERS_A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "chatlogs/members.html", {"page": page})


@require_safe
def member_detail(request: HttpRequest, key: str) -> HttpResponse:
    member = queries.get_member(key)
    messages = positions_of(queries.find_messages_of(member))
    context = {
        "member": member,
        "names": queries.find_names(member),
        "page": get_page(messages, Cursor(request.GET.get("older", ""), request.GET.get("newer", ""))),
    }
    return render(request, "chatlogs/member.html", context)
