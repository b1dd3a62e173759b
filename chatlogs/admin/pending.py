from __future__ import annotations

from django.contrib import admin

from chatlogs.admin.permissions import ForSuperusers
from chatlogs.models import PendingDecision


@admin.register(PendingDecision)
class PendingDecisionAdmin(ForSuperusers):
    list_display = ["key", "room", "date"]
    search_fields = ["=key"]
