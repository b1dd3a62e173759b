"""What Django's own views of accounts leave open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chatlogs.web.throttling import render_retry_later


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any]) -> HttpResponse:
    """Answer after too many failed sign-ins (AXES_LOCKOUT_CALLABLE)."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return render_retry_later(
        request, "registration/locked_out.html", {"minutes": seconds // 60}, status=429, seconds=seconds
    )
