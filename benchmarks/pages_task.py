"""Measure pages in a separate process: `python -m benchmarks.pages_task measure`. Prints JSON.

Pages are asked for through the whole of Django, middleware and all, but for the server. The bare page is a view that
returns the same bytes from a row found by its primary key, asked for in the same way and in turns with the page.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.core.cache import caches  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import include, path  # noqa: E402

from chatlogs.models import CachedPage, Day, Member  # noqa: E402
from chatlogs.models.audience import Audience, set_audience  # noqa: E402
from chatlogs.queries.conversations import group_in_conversations  # noqa: E402
from chatlogs.queries.mentions import find_answered  # noqa: E402
from chatlogs.queries.timelines import read_timeline  # noqa: E402
from chatlogs.web.rendering import ConversationRenderer  # noqa: E402

BARE = "measured"
ROUNDS, A_ROUND = 7, 40

Measured = dict[str, Any]


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CachedPage.objects.get(pk=BARE).html)


urlpatterns = [path("bare/", bare), path("", include("archive.urls"))]


class Reader:
    """Calls the WSGI handler like a server, and fails unless it gets a page."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()
        self._factory = RequestFactory()

    def read(self, address: str) -> bytes:
        status: list[str] = []
        environ = self._factory.get(address, HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="zh-CN").environ
        response: Any = self._handler(environ, lambda line, *_: status.append(line))  # type: ignore[arg-type]
        body = b"".join(response)
        response.close()
        if status != ["200 OK"]:
            raise SystemExit(f"{address}: {status}")
        return body


def measure() -> Measured:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    gc.freeze()
    with override_settings(ROOT_URLCONF="benchmarks.pages_task"):
        reader = Reader()
        pages = [measure_page(reader, name, address) for name, address in find_pages()]
    return {"pages": pages, "rendering": measure_rendering()}


def find_pages() -> Iterator[tuple[str, str]]:
    """Yield the name and address of each page."""
    days = Day.objects.visible().select_related("room")
    typical = days.filter(message_count__gte=100).order_by("message_count", "date")[0]
    largest = days.order_by("-message_count")[0]
    yield f"a day of {typical.message_count}", typical.get_absolute_url()
    yield f"a day of {largest.message_count:,}, first part", largest.get_absolute_url()
    yield f"a day of {largest.message_count:,}, second part", f"{largest.get_absolute_url()}?part=2"
    room, year = typical.room.get_absolute_url(), typical.date.year
    yield from (("home", "/"), ("room", room), ("year", f"{room}{year}/"), ("month", f"{room}{typical.date:%Y/%m}/"))
    yield from (
        ("messages", "/messages/"),
        ("search", "/messages/?q=支付"),
        ("search, one room", "/messages/?q=银行&kind=text"),
    )
    member = Member.objects.listed().order_by("pk")[0]
    yield from (("members", "/members/"), ("member", member.get_absolute_url()))
    yield from (("links", "/links/"), ("images", "/images/"), ("statistics", "/stats/"), ("coverage", "/coverage/"))
    yield from (("highlights", "/highlights/"), ("feed", "/feed/"))


def measure_page(reader: Reader, name: str, address: str) -> Measured:
    """Return seconds of the page rendered and from the cache, and of the bare page; queries when rendered; bytes."""

    def make() -> bytes:
        forget()
        return reader.read(address)

    make()
    caches["default"].clear()
    forget()
    queries: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        body = reader.read(address)
    CachedPage.objects.update_or_create(key=BARE, defaults={"revision": 0, "html": body.decode(), "robots": ""})
    made = fastest(make, times=3)
    reader.read(address)
    again, floor = in_turns(lambda: reader.read(address), lambda: reader.read("/bare/"))
    return {
        "name": name, "made": made, "again": again, "bare": floor, "bytes": len(body),
        "compressed": len(zlib.compress(body, 6)),
        "queries": sum(" FROM " in query for query in queries),
    }  # fmt: skip


def forget() -> None:
    """Clear the page cache, but not the cached counts of searches."""
    caches["pages"].clear()
    CachedPage.objects.exclude(pk=BARE).delete()


def measure_rendering() -> Measured:
    """Return seconds from the database to the HTML of all messages of the largest day."""
    day = Day.objects.visible().select_related("room").order_by("-message_count")[0]

    def render() -> None:
        set_audience(Audience())
        timeline = read_timeline(day)
        keys = {message.key for message in timeline.messages}
        renderer = ConversationRenderer(day.date, find_answered(timeline.messages), keys)
        renderer.render(group_in_conversations(timeline))

    seconds = fastest(render, times=7)
    set_audience(None)
    return {"messages": day.message_count, "seconds": seconds}


def fastest(work: Callable[[], object], times: int) -> float:
    return min(_seconds(work) for _ in range(times))


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Return seconds of each: the fastest of several rounds, taken in turns."""
    rounds: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, seconds in zip(works, rounds, strict=True):
            seconds.append(_seconds(lambda: [work() for _ in range(A_ROUND)]) / A_ROUND)  # noqa: B023
    return [min(seconds) for seconds in rounds]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    print(json.dumps({"measure": measure}[sys.argv[1]]()))
