from django.urls import include, path

import chatlogs.converters  # noqa: F401  (registers the converters used below)
from chatlogs.views import days, downloads, health, members, messages, rooms

urlpatterns = [
    path("", rooms.home, name="home"),
    path("rooms/", rooms.room_list, name="rooms"),
    path("rooms/<room:slug>/", rooms.room_detail, name="room"),
    path("rooms/<room:slug>/<year:year>/", rooms.year_detail, name="year"),
    path("rooms/<room:slug>/<year_and_month:month>/", rooms.month_detail, name="month"),
    path("rooms/<room:slug>/<date:date>/", days.day_detail, name="day"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/export.csv", downloads.export_csv, name="export-csv"),
    path("messages/export.jsonl", downloads.export_jsonl, name="export-jsonl"),
    path("m/<slug:key>/", messages.message_permalink, name="message"),
    path("m/", messages.permalinks, name="permalinks"),
    path("members/", members.member_list, name="members"),
    path("members/<slug:key>/", members.member_detail, name="member"),
    path("api/", include("chatlogs.api.urls")),
    path("robots.txt", health.robots),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
