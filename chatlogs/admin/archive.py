from __future__ import annotations

from django.contrib import admin

from chatlogs.admin.base import ReadOnlyAdmin
from chatlogs.models import Archive, Image, Link


@admin.register(Archive)
class ArchiveAdmin(ReadOnlyAdmin):
    fields = ["revision"]


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    list_display = ["message", "host", "url"]
    list_select_related = ["message"]
    ordering = ["-message_id"]
    search_fields = ["=host"]


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ["message", "url", "path"]
    list_select_related = ["message"]
    ordering = ["-message_id"]
