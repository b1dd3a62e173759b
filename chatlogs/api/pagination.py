"""Long lists, page by page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from chatlogs.api.parameters import LARGEST_PAGE, PageSizeSerializer, read_parameters
from chatlogs.queries.pagination import PAGE_SIZE, MessagePage


class NumberedPages(PageNumberPagination):
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_page_size(self, request: Request) -> int:
        return int(read_parameters(PageSizeSerializer, request)["page_size"])


class DayPages(CursorPagination):
    """From a date and a room on, so that a new day moves nothing."""

    ordering = ("-date", "room__slug")
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_page_size(self, request: Request) -> int:
        return int(read_parameters(PageSizeSerializer, request)["page_size"])

    def decode_cursor(self, request: Request) -> Cursor | None:
        """DRF passes on what somebody made up, and the database refuses what is no date."""
        cursor = super().decode_cursor(request)
        try:
            if cursor and cursor.position:
                dt.date.fromisoformat(str(cursor.position))
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor


def links_of(page: MessagePage, request: Request) -> dict[str, Any]:
    """The addresses of the pages around."""
    older, newer = _link(request, "older", page.older), _link(request, "newer", page.newer)
    return {"next": newer, "previous": older} if page.oldest_first else {"next": older, "previous": newer}


def _link(request: Request, side: str, key: str) -> str | None:
    if not key:
        return None
    other = "newer" if side == "older" else "older"
    return str(replace_query_param(remove_query_param(request.build_absolute_uri(), other), side, key))
