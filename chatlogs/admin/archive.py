"""Read-only pages: the archive, links and pictures, imports, sources and originals."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chatlogs.admin.base import ReadOnlyAdmin, SuperuserAdmin
from chatlogs.models import (
    Archive,
    Image,
    ImportProblem,
    ImportRun,
    Link,
    Original,
    OriginalName,
    PendingDecision,
    Segment,
    SourceFile,
)


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


@admin.register(PendingDecision)
class PendingDecisionAdmin(SuperuserAdmin):
    list_display = ["key", "room", "date"]
    search_fields = ["=key"]


@admin.register(SourceFile)
class SourceFileAdmin(SuperuserAdmin):
    list_display = ["path", "day", "message_count", "shown_count", "encoding", "imported_at"]
    list_select_related = ["day__room"]
    ordering = ["-imported_at", "-day_id"]
    search_fields = ["path", "=sha256"]
    exclude = ["front"]


@admin.register(Segment)
class SegmentAdmin(SuperuserAdmin):
    list_display = ["message", "source_file", "number"]
    list_select_related = ["message", "source_file"]
    ordering = ["-message_id"]
    search_fields = ["message__key__exact"]
    fields = ["message", "source_file", "number", "source_text"]
    readonly_fields = ["source_text"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Segment]:
        return super().get_queryset(request).select_related("message", "source_file")

    @admin.display(description="source")
    def source_text(self, segment: Segment) -> str:
        return bytes(segment.source).decode(segment.source_file.encoding, "backslashreplace")


@admin.register(Original)
class OriginalAdmin(SuperuserAdmin):
    list_display = ["message", "stored_at", "is_outdated"]
    list_filter = ["is_outdated"]
    list_select_related = ["message"]
    ordering = ["-message_id"]
    search_fields = ["message__key__exact"]
    fields = ["message", "alias", "text", "url", "is_outdated", "stored_at"]


@admin.register(OriginalName)
class OriginalNameAdmin(SuperuserAdmin):
    list_display = ["alias", "name"]
    list_select_related = ["alias"]
    search_fields = ["name", "alias__name"]
    fields = ["alias", "name"]
    ordering = ["alias_id"]
