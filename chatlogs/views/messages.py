from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatlogs.filters import MessageFilter
from chatlogs.models import Message
from chatlogs.queries import messages as queries


@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    filters = MessageFilter(request.GET, queries.find_messages(), request=request)
    is_valid = filters.is_valid()
    matching = filters.qs if is_valid else filters.queryset.none()
    page = queries.get_page(matching, request.GET.get("older", ""), request.GET.get("newer", ""))
    context = {"filters": filters, "page": page}
    return render(request, "chatlogs/messages.html", context, status=200 if is_valid else 400)


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
