from django.urls import include, path

import chatlogs.converters  # noqa: F401  (registers the converters used below)
from chatlogs.views import about, days, downloads, health, highlights, members, messages, removal, robots, rooms

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
    path("highlights/", highlights.highlight_list, name="highlights"),
    path("highlights/<unicode_slug:slug>/", highlights.highlight_detail, name="highlight"),
    path("tags/", highlights.tag_list, name="tags"),
    path("tags/<unicode_slug:slug>/", highlights.tag_detail, name="tag"),
    path("about/", about.about, name="about"),
    path("removal/", removal.removal, name="removal"),
    path("removal/done/", removal.find_removal, name="find-removal"),
    path("removal/done/<str:reference>/", removal.removal_done, name="removal-done"),
    path("api/", include("chatlogs.api.urls")),
    path("robots.txt", robots.robots_txt),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
