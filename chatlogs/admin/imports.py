from __future__ import annotations

from django.contrib import admin

from chatlogs.admin.base import ReadOnlyAdmin
from chatlogs.models import ImportProblem, ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = [
        "started_at",
        "finished_at",
        "files_created",
        "files_changed",
        "files_unchanged",
        "files_rejected",
        "files_missing",
    ]
    ordering = ["-id"]


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnlyAdmin):
    list_display = ["path", "line", "message", "is_error", "found_at"]
    list_filter = ["is_error", "code"]
    search_fields = ["path"]
