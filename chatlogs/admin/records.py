from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.confirming import Question, WithDeeds, action
from chatlogs.admin.evidence import describe_reason
from chatlogs.admin.permissions import ReadOnly, moderator_of
from chatlogs.identity import deeds
from chatlogs.models import Alias, ImportProblem, ImportRun, Member, ModerationAction

# Names that an action's page lists.
MOST_NAMES = 100


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
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
class ImportProblemAdmin(ReadOnly):
    list_display = ["path", "line", "message", "is_error", "found_at"]
    list_filter = ["is_error", "code"]
    search_fields = ["path"]


class IsUndone(admin.SimpleListFilter):
    title = _("undone")
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("in force")), ("yes", _("undone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ModerationAction]) -> QuerySet[ModerationAction]:
        if self.value() is None:
            return queryset
        return queryset.filter(undone_by__isnull=self.value() == "no")


@admin.register(ModerationAction)
class ModerationActionAdmin(WithDeeds, ReadOnly):
    list_display = ["id", "verb", "made_at", "made_by", "reason_in_words", "name_count", "undone"]
    list_display_links = ["id", "verb"]
    list_filter = ["verb", IsUndone]
    list_select_related = ["undone_by"]
    ordering = ["-id"]
    search_fields = ["=id", "actor_name", "reason"]
    search_help_text = _("number, name of the moderator, or reason")
    fields = readonly_fields = ("verb", "made_at", "made_by", "reason_in_words", "names", "undoes", "undone")
    actions = ["undo"]

    @admin.display(description=_("by"), ordering="actor_name")
    def made_by(self, done: ModerationAction) -> str:
        return done.actor_name or gettext("the evidence")

    @admin.display(description=_("reason"))
    def reason_in_words(self, done: ModerationAction) -> str:
        return describe_reason(done.reason)

    @admin.display(description=_("names"))
    def name_count(self, done: ModerationAction) -> int:
        return len(done.changes)

    @admin.display(description=_("undone"))
    def undone(self, done: Any) -> str:
        return gettext("by action %(id)s") % {"id": done.undone_by.pk} if done.is_undone else "-"

    @admin.display(description=_("names"))
    def names(self, done: ModerationAction) -> str:
        changes = done.changes[:MOST_NAMES]
        aliases = {alias.origin.key: alias for alias in _find_names(changes)}
        keys = {change[side] for change in changes for side in ("from", "to")}
        members = {member.key: member for member in Member.objects.filter(key__in=keys)}
        rows = [
            (_link(aliases[change["name"]]), _link(members[change["from"]]), _link(members[change["to"]]))
            for change in changes
        ]
        return format_html_join("", "{}: {} → {}<br>", rows)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.undo_moderationaction")

    @action(_("undo"), permission="undo")
    def undo(self, request: HttpRequest, queryset: QuerySet[ModerationAction]) -> HttpResponse | None:
        def deed(actions: Sequence[ModerationAction], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            by = moderator_of(request)
            return [deeds.undo(done, by=by, reason=wanted["reason"]) for done in actions]

        def make(actions: Sequence[ModerationAction]) -> Question:
            title = ngettext("Undo %(counter)s action?", "Undo %(counter)s actions?", len(actions))
            return Question(
                title=title % {"counter": len(actions)},
                button=gettext("undo"),
                explanation=gettext("The names go back to whom they came from. That can be undone, too."),
                deed=deed,
                describe=self._describe,
            )

        # The newest first, as they were done upon each other.
        return self.ask(request, queryset.order_by("-pk"), make)

    def _describe(self, done: ModerationAction) -> str:
        names = ", ".join(str(alias) for alias in _find_names(done.changes[:3]))
        return f"{done} · {names}{'…' if len(done.changes) > 3 else ''} · {describe_reason(done.reason)}"


def _find_names(changes: Sequence[Mapping[str, str]]) -> QuerySet[Alias]:
    keys = [change["name"] for change in changes]
    return Alias.objects.filter(origin__key__in=keys).select_related("origin").order_by("pk")


def _link(row: Alias | Member) -> str:
    return format_html(
        '<a href="{}">{}</a>', reverse(f"admin:chatlogs_{row._meta.model_name}_change", args=[row.pk]), row
    )
