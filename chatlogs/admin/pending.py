from __future__ import annotations

from django.contrib import admin

from chatlogs.admin.base import SuperuserAdmin
from chatlogs.models import PendingDecision


@admin.register(PendingDecision)
class PendingDecisionAdmin(SuperuserAdmin):
    list_display = ["key", "room", "date"]
    search_fields = ["=key"]
