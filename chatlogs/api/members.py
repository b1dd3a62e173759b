from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.errors import COMMON, NOT_FOUND, RETRY_AFTER
from chatlogs.api.pagination import NumberedPages
from chatlogs.api.parameters import OF_MEMBERS, PageSizeSerializer, describe_filters, names_of, read_filters
from chatlogs.api.serializers import AliasSerializer, MemberDetailSerializer, MemberSerializer
from chatlogs.api.views import Resource
from chatlogs.models import Member
from chatlogs.queries.member_directory import find_members_by
from chatlogs.queries.members import find_names, get_member
from chatlogs.web.filters import MemberFilter

MOVED = {301: OpenApiResponse(description="The member was merged into another: see `Location`.")}


class MemberList(Resource, ListAPIView[Member]):
    parameter_names = names_of(MemberFilter, PageSizeSerializer) | {"page"}
    serializer_class = MemberSerializer
    pagination_class = NumberedPages

    def get_queryset(self) -> QuerySet[Member]:
        return find_members_by(read_filters(MemberFilter, self.request).criteria)

    @extend_schema(
        operation_id="members",
        description="Members with messages who match all filters, most active first.",
        parameters=[*describe_filters(MemberFilter, OF_MEMBERS), PageSizeSerializer, RETRY_AFTER],
        responses={200: MemberSerializer(many=True), **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request) -> Response:
        return self.list(request)


class MemberDetail(Resource):
    @extend_schema(
        operation_id="member",
        description="A member by key, with all names that this person has used.",
        parameters=[RETRY_AFTER],
        responses={200: MemberDetailSerializer, **MOVED, **COMMON, **NOT_FOUND},
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        member = get_member(key)
        if member.key != key:
            return redirect("api-member", member.key, permanent=True)
        data = MemberSerializer(member, context={"request": request}).data
        names = map(AliasSerializer().to_representation, find_names(member))
        return Response({**data, "names": list(names)})
