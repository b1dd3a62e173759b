from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatlogs.queries import requests as queries


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "figures": queries.sum_up(),
        "request_days": settings.REQUEST_DAYS,
        "retention_days": settings.REQUEST_RETENTION_DAYS,
        "original_days": settings.ORIGINAL_RETENTION_DAYS,
    }
    return render(request, "chatlogs/about.html", context)
