from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.errors import COMMON, GONE, NOT_FOUND, RETRY_AFTER, TOO_SLOW, Gone
from chatlogs.api.facets import as_data
from chatlogs.api.pagination import links_of
from chatlogs.api.parameters import (
    CursorSerializer,
    SearchSerializer,
    describe_filters,
    names_of,
    read_filters,
    read_parameters,
)
from chatlogs.api.serializers import FoundSerializer, MessageSerializer, MessagesSerializer
from chatlogs.api.views import Resource
from chatlogs.db.timeouts import TimeLimitExceeded, time_limit
from chatlogs.models import Message
from chatlogs.queries.messages import get_message
from chatlogs.queries.pagination import Cursor, MessagePage, find_at
from chatlogs.queries.search import MOST_COUNTED, Search, read_scope
from chatlogs.queries.search_counts import get_count, get_facets
from chatlogs.web.filters import MessageFilter

SECONDS_FOR_ANSWER = 3.0


class MessageList(Resource):
    parameter_names = names_of(MessageFilter, CursorSerializer)

    @extend_schema(
        operation_id="messages",
        description="Messages that match all filters, newest first.",
        parameters=[*describe_filters(MessageFilter), CursorSerializer, RETRY_AFTER],
        responses={200: MessagesSerializer, **COMMON, **TOO_SLOW},
    )
    def get(self, request: Request) -> Response:
        filters = read_filters(MessageFilter, request)
        with time_limit(SECONDS_FOR_ANSWER) as clock:
            search = Search(filters.conditions, read_scope(filters.conditions), clock)
            page = _find_page(search, filters, read_parameters(CursorSerializer, request))
        data = {**links_of(page, request), "results": page.messages}
        return Response(MessagesSerializer(data, context={"request": request}).data)


class SearchList(Resource):
    parameter_names = names_of(MessageFilter, SearchSerializer)

    @extend_schema(
        operation_id="search",
        description="Messages that match all filters, with their number and, on request, facets.",
        parameters=[*describe_filters(MessageFilter), SearchSerializer, RETRY_AFTER],
        responses={200: FoundSerializer, **COMMON, **TOO_SLOW},
    )
    def get(self, request: Request) -> Response:
        filters, parameters = read_filters(MessageFilter, request), read_parameters(SearchSerializer, request)
        with time_limit(SECONDS_FOR_ANSWER) as clock:
            search = Search(filters.conditions, read_scope(filters.conditions), clock)
            page = _find_page(search, filters, parameters)
            count = get_count(search)
        data = {
            **links_of(page, request),
            "count": min(count, MOST_COUNTED),
            "is_capped": count > MOST_COUNTED,
            "is_index_complete": search.scope.is_index_complete,
            "facets": _find_facets(search) if parameters["facets"] else None,
            "results": page.messages,
        }
        return Response(FoundSerializer(data, context={"request": request}).data)


class MessageDetail(Resource):
    @extend_schema(
        operation_id="message",
        description="A message by key; of duplicates, the one that is shown.",
        parameters=[RETRY_AFTER],
        responses={200: MessageSerializer, **COMMON, **NOT_FOUND, **GONE},
    )
    def get(self, request: Request, key: str) -> Response:
        message = get_message(key)
        shown = message.duplicate_of if message and message.duplicate_of else message
        if shown is None or shown.state == Message.State.HELD:
            raise Http404
        found = find_at([shown.position])
        if not found:
            raise Gone
        return Response(MessageSerializer(found[0], context={"request": request}).data)


def _find_page(search: Search, filters: MessageFilter, parameters: Mapping[str, Any]) -> MessagePage:
    cursor = Cursor(parameters.get("older", ""), parameters.get("newer", ""), filters.is_oldest_first)
    for name in ("older", "newer"):
        if name in parameters and get_message(parameters[name]) is None:
            raise ValidationError({name: ["No message has this key."]})
    return search.page(cursor, parameters["page_size"])


def _find_facets(search: Search) -> dict[str, Any] | None:
    try:
        with time_limit(SECONDS_FOR_ANSWER) as search.clock:
            facets = get_facets(search)
    except TimeLimitExceeded:
        return None
    return as_data(facets) if facets else None
