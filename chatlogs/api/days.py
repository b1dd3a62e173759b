from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.errors import COMMON, NOT_FOUND, RETRY_AFTER
from chatlogs.api.pagination import DayPages
from chatlogs.api.parameters import PageSizeSerializer, describe_filters, names_of, read_filters
from chatlogs.api.serializers import DaySerializer
from chatlogs.api.views import Resource
from chatlogs.models import Day
from chatlogs.queries.exports import find_days
from chatlogs.web.filters import RoomFilter


class DayFilter(django_filters.FilterSet):
    room = RoomFilter()
    since = django_filters.DateFilter("date", "gte")
    until = django_filters.DateFilter("date", "lte")

    class Meta:
        model = Day
        fields: list[str] = []


class DayList(Resource, ListAPIView[Day]):
    parameter_names = names_of(DayFilter, PageSizeSerializer) | {"cursor"}
    serializer_class = DaySerializer
    pagination_class = DayPages

    def get_queryset(self) -> QuerySet[Day]:
        found = find_days(of_named_room="room" in self.request.query_params)
        days: QuerySet[Day] = read_filters(DayFilter, self.request, found).qs
        return days

    @extend_schema(
        operation_id="days",
        description="Days with messages, newest first, then by room.",
        parameters=[*describe_filters(DayFilter), PageSizeSerializer, RETRY_AFTER],
        responses={200: DaySerializer(many=True), **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        return self.list(request)
