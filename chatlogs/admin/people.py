from __future__ import annotations

from django.contrib import admin

from chatlogs.admin.permissions import MadeByImport, ReadOnly
from chatlogs.models import Alias, Member


@admin.register(Member)
class MemberAdmin(MadeByImport):
    list_display = ["name", "key"]
    search_fields = ["name", "=key"]
    fields = ["key", "name"]
    readonly_fields = ["key"]


@admin.register(Alias)
class AliasAdmin(ReadOnly):
    list_display = ["name", "room", "member", "message_count", "first_seen", "last_seen"]
    list_filter = ["room"]
    list_select_related = ["room", "member"]
    ordering = ["-message_count", "id"]
    search_fields = ["name"]
    fields = ["room", "name", "member", "message_count", "first_seen", "last_seen"]
