from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from chatlogs.admin.choosing import Chooses
from chatlogs.admin.confirming import WithDeeds
from chatlogs.admin.permissions import ReadOnly, moderator_of
from chatlogs.identity import deeds
from chatlogs.identity.joining import EXPORTER_SET
from chatlogs.models import Archive, Day, Image, Link, Message, Room


@admin.register(Archive)
class ArchiveAdmin(ReadOnly):
    fields = ["revision"]


@admin.register(Room)
class RoomAdmin(Chooses, WithDeeds):
    list_display = ["slug", "title", "time_zone", "exporter"]
    list_select_related = ["exporter"]
    search_fields = ["slug", "title"]
    fields = ["slug", "title", "description", "time_zone", "exporter"]
    # The slug makes the addresses; another time zone would move every message.
    readonly_fields = ["slug", "time_zone"]

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        if "exporter" in form.changed_data:
            deeds.set_exporter(obj, obj.exporter, by=moderator_of(request), reason=EXPORTER_SET)
        super().save_model(request, obj, form, change)


@admin.register(Day)
class DayAdmin(ReadOnly):
    list_display = ["date", "room", "message_count", "member_count", "speaker", "revision"]
    list_filter = ["room"]
    list_select_related = ["room", "speaker"]
    ordering = ["-date", "room"]
    search_fields = ["=date"]


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["key", "room", "time", "alias", "kind", "text", "state", "is_withdrawn"]
    list_filter = ["room", "kind", "state", "is_withdrawn"]
    list_select_related = ["room", "alias"]
    ordering = ["-position"]
    search_fields = ["=key"]
    search_help_text = "key"
    fields = ["key", "room", "day", "time", "alias", "kind", "text", "state", "is_withdrawn", "double_of"]


@admin.register(Link)
class LinkAdmin(ReadOnly):
    list_display = ["message", "host", "url"]
    list_select_related = ["message"]
    ordering = ["-message_id"]
    search_fields = ["=host"]


@admin.register(Image)
class ImageAdmin(ReadOnly):
    list_display = ["message", "url"]
    list_select_related = ["message"]
    ordering = ["-message_id"]
