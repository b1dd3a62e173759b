"""The log of moderation actions: read-only, except that actions can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import F, Func, IntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.changes import list_changes
from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import justification_form, read_justification
from chatlogs.admin.base import ModerationPermissions, ReadOnlyAdmin
from chatlogs.admin.evidence_text import describe_reason
from chatlogs.admin.filters import ChoiceFilter
from chatlogs.audit import ActionRefused
from chatlogs.models import ModerationAction


class JsonLength(Func):
    """Length of a JSON list, counted by the database: some actions changed a hundred thousand messages."""

    function = "json_array_length"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="jsonb_array_length", **context)


class UndoneFilter(ChoiceFilter):
    title = _("undone")
    parameter_name = "undone"
    options = (("no", _("in force")), ("yes", _("undone")))

    def narrow(self, rows: QuerySet[Any], value: str | None, request: HttpRequest) -> QuerySet[Any]:
        return rows.filter(undone_by__isnull=value == "no")


@admin.register(ModerationAction)
class ModerationActionAdmin(ModerationPermissions, WithActions, ReadOnlyAdmin):
    list_display = ["id", "kind", "made_at", "made_by", "category", "reason_in_words", "change_count", "undone"]
    list_display_links = ["id", "kind"]
    list_filter = ["kind", "category", UndoneFilter]
    ordering = ["-id"]
    search_fields = ["=id", "actor_name", "reason", "=removal_request__reference"]
    search_help_text = _("number, moderator, reason, or reference of a request")
    fields = readonly_fields = (
        "kind", "made_at", "made_by", "category", "reason_in_words", "for_request", "changed", "undoes", "undone",
        "erasing",
    )  # fmt: skip
    actions = ["undo"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        actions: QuerySet[Any] = super().get_queryset(request).annotate(change_count=JsonLength(F("changes")))
        return actions.select_related("undone_by", "removal_request").defer("changes", "undone_by__changes")

    @admin.display(description=_("by"), ordering="actor_name")
    def made_by(self, done: ModerationAction) -> str:
        return done.actor_name or gettext("automatic")

    @admin.display(description=_("reason"))
    def reason_in_words(self, done: ModerationAction) -> str:
        return describe_reason(done.reason)

    @admin.display(description=_("changes"))
    def change_count(self, done: Any) -> int:
        return int(done.change_count)

    @admin.display(description=_("undone"))
    def undone(self, done: Any) -> str:
        return gettext("by action %(id)s") % {"id": done.undone_by.pk} if done.is_undone else "-"

    @admin.display(description=_("removal request"))
    def for_request(self, done: ModerationAction) -> str:
        if done.removal_request is None:
            return "-"
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:chatlogs_removalrequest_change", args=[done.removal_request.pk]),
            done.removal_request,
        )

    @admin.display(description=_("changes"))
    def changed(self, done: ModerationAction) -> str:
        return list_changes(done.changes)

    @admin.display(description=_("database files"))
    def erasing(self, done: Any) -> str:
        erasure = getattr(done, "erasure", None)
        if erasure is None:
            return "-"
        if erasure.finished_at is None:
            return gettext("not cleared: run manage.py compact_after_erasure")
        return gettext("cleared")

    @action(_("undo"), permission="undo")
    def undo(self, request: HttpRequest, queryset: QuerySet[ModerationAction]) -> HttpResponse | None:
        # Newest first: later actions may build on earlier ones.
        return self.ask(request, queryset.defer(None).order_by("-pk"), partial(_ask_to_undo, request))


def _ask_to_undo(request: HttpRequest, chosen: Sequence[ModerationAction]) -> Question:
    for done in chosen:
        permissions = moderation.get_undo_permissions(done)
        if permissions and not any(request.user.has_perm(f"chatlogs.{one}") for one in permissions):
            raise ActionRefused(gettext("You do not have permission to undo action %(id)s.") % {"id": done.pk})

    def perform(actions: Sequence[ModerationAction], wanted: Mapping[str, Any]) -> list[ModerationAction]:
        return [moderation.undo(done, **read_justification(request, wanted)) for done in actions]

    title = ngettext("Undo %(counter)s action?", "Undo %(counter)s actions?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("undo"),
        explanation=gettext("This restores what they changed, except where a later action has changed it again."),
        perform=perform,
        make_form=justification_form(request),
        describe=_describe,
    )


def _describe(done: ModerationAction) -> str:
    text = ngettext("%(counter)s change", "%(counter)s changes", len(done.changes)) % {"counter": len(done.changes)}
    return f"{done} · {text} · {describe_reason(done.reason)}"
