from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.errors import COMMON, NOT_FOUND, RETRY_AFTER
from chatlogs.api.serializers import RoomSerializer, RoomsSerializer
from chatlogs.api.views import Resource
from chatlogs.queries.rooms import find_rooms, get_room_with_figures


class RoomList(Resource):
    @extend_schema(
        operation_id="rooms",
        description="All rooms, in the order of their slugs.",
        parameters=[RETRY_AFTER],
        responses={200: RoomsSerializer, **COMMON},
    )
    def get(self, request: Request) -> Response:
        return Response(RoomsSerializer({"results": find_rooms()}, context={"request": request}).data)


class RoomDetail(Resource):
    @extend_schema(
        operation_id="room",
        description="A room by its slug.",
        parameters=[RETRY_AFTER],
        responses={200: RoomSerializer, **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(RoomSerializer(get_room_with_figures(slug), context={"request": request}).data)
