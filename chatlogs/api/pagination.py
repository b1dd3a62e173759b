"""Pagination of the API."""

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
    """Pages by date and room, so that new days do not shift them."""

    ordering = ("-date", "room__slug")
    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_page_size(self, request: Request) -> int:
        return int(read_parameters(PageSizeSerializer, request)["page_size"])

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Answer 404 for a cursor without a valid date, which DRF would pass on to the database."""
        cursor = super().decode_cursor(request)
        try:
            if cursor and cursor.position:
                dt.date.fromisoformat(str(cursor.position))
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor


def links_of(page: MessagePage, request: Request) -> dict[str, Any]:
    """Return the addresses of the adjacent pages."""

    def link(side: str, key: str, other: str) -> str | None:
        address = remove_query_param(request.build_absolute_uri(), other)
        return str(replace_query_param(address, side, key)) if key else None

    older, newer = link("older", page.older, "newer"), link("newer", page.newer, "older")
    return {"next": newer, "previous": older} if page.oldest_first else {"next": older, "previous": newer}
