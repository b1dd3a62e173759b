from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.errors import COMMON, NOT_FOUND, RETRY_AFTER
from chatlogs.api.pagination import NumberedPages
from chatlogs.api.parameters import PageSizeSerializer, names_of
from chatlogs.api.resources import Resource
from chatlogs.api.serializers import AliasSerializer, MemberDetailSerializer, MemberSerializer
from chatlogs.models import Member
from chatlogs.queries.members import find_members, find_names, get_member


class MemberList(Resource, ListAPIView[Member]):
    parameter_names = names_of(PageSizeSerializer) | {"page"}
    serializer_class = MemberSerializer
    pagination_class = NumberedPages

    def get_queryset(self) -> QuerySet[Member]:
        return find_members()

    @extend_schema(
        operation_id="members",
        description="Who said something, the most active first.",
        parameters=[PageSizeSerializer, RETRY_AFTER],
        responses={200: MemberSerializer(many=True), **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class MemberDetail(Resource):
    @extend_schema(
        operation_id="member",
        description="A member by the key, with all names that this person spoke under.",
        parameters=[RETRY_AFTER],
        responses={200: MemberDetailSerializer, **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request, key: str) -> Response:
        member = get_member(key)
        data = MemberSerializer(member, context={"request": request}).data
        names = map(AliasSerializer().to_representation, find_names(member))
        return Response({**data, "names": list(names)})
