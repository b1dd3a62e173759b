"""Pages instead of an answer, which say when to ask again."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle
from rest_framework.views import APIView


def refuse(request: HttpRequest, template: str, context: dict[str, Any], *, status: int, seconds: int) -> HttpResponse:
    """`seconds` are how long to wait."""
    response = render(request, template, context, status=status)
    response.headers["Retry-After"] = str(seconds)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


# Whoever has an IPv6 address has this whole network of them.
IPV6_PREFIX = 64

UNKNOWN, OWN_MACHINE = "unknown", "127.0.0.1"

Further = ParamSpec("Further")
View = Callable[Concatenate[HttpRequest, Further], HttpResponseBase]


class ThrottleByAddress(SimpleRateThrottle):
    """Up to the rate that the settings have for its scope."""

    cache = ConnectionProxy(caches, "throttles")  # type: ignore[assignment]

    def get_rate(self) -> str | None:
        assert self.scope, "a throttle has a scope"
        rate: str | None = settings.RATES[self.scope]
        return rate

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """None, which is never refused, for who asks from this machine: its operator, and its tests."""
        network = _network_of(self.get_ident(request))
        return f"{self.scope}:{network}" if network else None


class SearchThrottle(ThrottleByAddress):
    scope = "search"


class ApiThrottle(ThrottleByAddress):
    scope = "api"


class DownloadThrottle(ThrottleByAddress):
    scope = "download"


class RemovalThrottle(ThrottleByAddress):
    scope = "removal"


def throttled(
    throttle_class: type[ThrottleByAddress], *, with_query_only: bool = False
) -> Callable[[View[Further]], View[Further]]:
    """Let a view answer as often as the throttle allows, and a page tell when to come again."""

    def decorate(view: View[Further]) -> View[Further]:
        @wraps(view)
        def throttled_view(request: HttpRequest, /, *args: Further.args, **kwargs: Further.kwargs) -> HttpResponseBase:
            throttle = throttle_class()
            if (with_query_only and not request.GET) or throttle.allow_request(Request(request), APIView()):
                return view(request, *args, **kwargs)
            seconds = math.ceil(throttle.wait() or 1)
            return refuse(request, "chatlogs/too_many.html", {"seconds": seconds}, status=429, seconds=seconds)

        return throttled_view

    return decorate


def address_of(request: HttpRequest) -> str | None:
    """Whose failures to sign in count as one visitor's; None where it cannot be known."""
    network = _network_of(BaseThrottle().get_ident(Request(request)))
    return None if network == UNKNOWN else network.removesuffix(f"/{IPV6_PREFIX}") or OWN_MACHINE


def _network_of(address: str) -> str:
    """Whose requests count as one visitor's; "" for this machine."""
    try:
        parsed = ip_address(address)
    except ValueError:  # A Unix socket has no address, and a proxy may write what it likes.
        return UNKNOWN
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(ip_network((parsed.packed, IPV6_PREFIX), strict=False))
    return str(parsed)
