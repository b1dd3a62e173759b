from __future__ import annotations

from django.urls import path, re_path
from django.views.generic import RedirectView

import chatlogs.web.converters  # noqa: F401  (registers the converters used below)
from chatlogs.api.days import DayList
from chatlogs.api.members import MemberDetail, MemberList
from chatlogs.api.messages import MessageDetail, MessageList, SearchList
from chatlogs.api.rooms import RoomDetail, RoomList
from chatlogs.api.schema import Schema
from chatlogs.api.views import Nothing

to_schema = RedirectView.as_view(pattern_name="api-schema", http_method_names=["get", "head"])

urlpatterns = [
    path("", to_schema, name="api"),
    path("v1/", to_schema),
    path("v1/rooms/", RoomList.as_view(), name="api-rooms"),
    path("v1/rooms/<room:slug>/", RoomDetail.as_view(), name="api-room"),
    path("v1/days/", DayList.as_view(), name="api-days"),
    path("v1/messages/", MessageList.as_view(), name="api-messages"),
    path("v1/messages/<slug:key>/", MessageDetail.as_view(), name="api-message"),
    path("v1/members/", MemberList.as_view(), name="api-members"),
    path("v1/members/<slug:key>/", MemberDetail.as_view(), name="api-member"),
    path("v1/search/", SearchList.as_view(), name="api-search"),
    path("v1/schema/", Schema.as_view(), name="api-schema"),
    re_path(r"[\s\S]*/\Z", Nothing.as_view()),
]
