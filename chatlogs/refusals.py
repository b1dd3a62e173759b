"""Pages instead of an answer, which say when to ask again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refuse(request: HttpRequest, template: str, context: dict[str, Any], *, status: int, seconds: int) -> HttpResponse:
    """`seconds` are how long to wait."""
    response = render(request, template, context, status=status)
    response.headers["Retry-After"] = str(seconds)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
