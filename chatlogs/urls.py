from django.urls import include, path

import chatlogs.converters  # noqa: F401  (registers the converters used below)
from chatlogs.views import about, days, downloads, feeds, health, members, messages, removal, robots, rooms, sitemaps

urlpatterns = [
    path("", rooms.home, name="home"),
    path("feed/", feeds.site_feed, name="feed"),
    path("rooms/", rooms.room_list, name="rooms"),
    path("rooms/<room:slug>/", rooms.room_detail, name="room"),
    path("rooms/<room:slug>/feed/", feeds.room_feed, name="room-feed"),
    path("rooms/<room:section>/sitemap.xml", sitemaps.room_sitemap, name="room-sitemap"),
    path("rooms/<room:slug>/<year:year>/", rooms.year_detail, name="year"),
    path("rooms/<room:slug>/<year_and_month:month>/", rooms.month_detail, name="month"),
    path("rooms/<room:slug>/<date:date>/", days.day_detail, name="day"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/feed/", feeds.message_feed, name="messages-feed"),
    path("messages/export.csv", downloads.export_csv, name="export-csv"),
    path("messages/export.jsonl", downloads.export_jsonl, name="export-jsonl"),
    path("m/<slug:key>/", messages.message_permalink, name="message"),
    path("m/", messages.permalinks, name="permalinks"),
    path("members/", members.member_list, name="members"),
    path("members/<slug:key>/", members.member_detail, name="member"),
    path("members/<slug:key>/feed/", feeds.member_feed, name="member-feed"),
    path("about/", about.about, name="about"),
    path("removal/", removal.removal, name="removal"),
    path("removal/done/", removal.find_removal, name="find-removal"),
    path("removal/done/<str:reference>/", removal.removal_done, name="removal-done"),
    path("api/", include("chatlogs.api.urls")),
    path("robots.txt", robots.robots_txt),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap"),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
