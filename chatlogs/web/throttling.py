"""Rate limits by address, and the pages that tell a client when to retry."""

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

from chatlogs.web.search_engines import NOINDEX_NOFOLLOW

# A provider gives a customer a whole /64 network of IPv6 addresses.
IPV6_PREFIX = 64

UNKNOWN, OWN_MACHINE = "unknown", "127.0.0.1"

Further = ParamSpec("Further")
View = Callable[Concatenate[HttpRequest, Further], HttpResponseBase]


class ThrottleByAddress(SimpleRateThrottle):
    """Limits requests of one address to the rate of its scope in `settings.RATES`."""

    cache = ConnectionProxy(caches, "throttles")  # type: ignore[assignment]

    def get_rate(self) -> str | None:
        assert self.scope, "a throttle has a scope"
        rate: str | None = settings.RATES[self.scope]
        return rate

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return None, which is never limited, for requests from this machine: the operator's and the tests'."""
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
    """Limit how often an address may request a view; beyond that, answer 429."""

    def decorate(view: View[Further]) -> View[Further]:
        @wraps(view)
        def throttled_view(request: HttpRequest, /, *args: Further.args, **kwargs: Further.kwargs) -> HttpResponseBase:
            throttle = throttle_class()
            if (with_query_only and not request.GET) or throttle.allow_request(Request(request), APIView()):
                return view(request, *args, **kwargs)
            seconds = math.ceil(throttle.wait() or 1)
            context = {"seconds": seconds}
            return render_retry_later(request, "chatlogs/too_many.html", context, status=429, seconds=seconds)

        return throttled_view

    return decorate


def render_retry_later(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int, seconds: int
) -> HttpResponse:
    """Render a page with the header `Retry-After`."""
    response = render(request, template, context, status=status)
    response.headers["Retry-After"] = str(seconds)
    response.headers["X-Robots-Tag"] = NOINDEX_NOFOLLOW
    return response


def address_of(request: HttpRequest) -> str | None:
    """Return the address that failed sign-ins are counted under, or None if it is unknown."""
    network = _network_of(BaseThrottle().get_ident(Request(request)))
    return None if network == UNKNOWN else network.removesuffix(f"/{IPV6_PREFIX}") or OWN_MACHINE


def _network_of(address: str) -> str:
    """Return the address or network that requests are counted under, "" for this machine."""
    try:
        parsed = ip_address(address)
    except ValueError:  # A Unix socket has no address, and a proxy may send anything.
        return UNKNOWN
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(ip_network((parsed.packed, IPV6_PREFIX), strict=False))
    return str(parsed)
