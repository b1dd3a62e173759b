"""The messages of a search as a streamed file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from chatlogs.api.serializers import MessageSerializer
from chatlogs.db.timeouts import TimeLimitExceeded, time_limit
from chatlogs.queries.exports import MOST_EXPORTED, Export, find_export
from chatlogs.queries.search import Search, read_scope
from chatlogs.web.filters import MessageFilter
from chatlogs.web.search_engines import noindex_nofollow
from chatlogs.web.throttling import DownloadThrottle, throttled
from chatlogs.web.views.messages import SECONDS_FOR_PAGE, message_list, too_slow

# Without it, Excel does not recognise UTF-8.
BYTE_ORDER_MARK = "\ufeff"

COLUMNS = ("key", "url", "room", "date", "time", "sender", "kind", "text", "link")

# A cell that starts with one of these may be run as a formula by a spreadsheet.
FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n")

Write = Callable[[list[Mapping[str, Any]]], str]


@require_safe
@throttled(DownloadThrottle)
@noindex_nofollow
def export_csv(request: HttpRequest) -> HttpResponseBase:
    head = BYTE_ORDER_MARK + _write_rows([COLUMNS])
    return _export(request, "csv", "text/csv; charset=utf-8", _write_csv, head)


@require_safe
@throttled(DownloadThrottle)
@noindex_nofollow
def export_jsonl(request: HttpRequest) -> HttpResponseBase:
    return _export(request, "jsonl", "application/jsonl; charset=utf-8", _write_jsonl)


def _export(
    request: HttpRequest, ending: str, content_type: str, write: Write, beginning: str = ""
) -> HttpResponseBase:
    filters = MessageFilter(request.GET, request=request)
    if not filters.is_valid():
        return message_list(request)
    try:
        with time_limit(SECONDS_FOR_PAGE) as clock:
            search = Search(filters.conditions, read_scope(filters.conditions), clock)
            export = find_export(search, oldest_first=filters.is_oldest_first)
    except TimeLimitExceeded:
        return too_slow(request, filters)
    response = StreamingHttpResponse(_stream(request, export, write, beginning), content_type=content_type)
    name = f"messages-first-{MOST_EXPORTED}" if export.is_truncated else "messages"
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{ending}")
    response.headers["X-Truncated"] = "true" if export.is_truncated else "false"
    return response


def _stream(request: HttpRequest, export: Export, write: Write, beginning: str) -> Iterator[str]:
    serialize = MessageSerializer(context={"request": request}).to_representation
    yield beginning
    for messages in export.batches():
        yield write([serialize(message) for message in messages])


def _write_jsonl(messages: list[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages)


def _write_csv(messages: list[Mapping[str, Any]]) -> str:
    rows = []
    for message in messages:
        sender = message["sender"] or {"name": None}
        values = {**message, "sender": sender["name"], "link": message["link"] or message["image"]}
        cells = [values[column] or "" for column in COLUMNS]
        rows.append([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells])
    return _write_rows(rows)


def _write_rows(rows: Iterable[Iterable[str]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue()
