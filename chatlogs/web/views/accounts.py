"""Signing in, as far as Django's own views leave something to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chatlogs.web.throttling import refuse


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Mapping[str, Any]) -> HttpResponse:
    """For AXES_LOCKOUT_CALLABLE: the page for who mistook a password too often."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return refuse(request, "registration/locked_out.html", {"minutes": seconds // 60}, status=429, seconds=seconds)
