"""What an erasure holds back: something new stands where erased messages stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import justification_form, read_justification
from chatlogs.admin.base import ModerationPermissions, ReadOnlyAdmin
from chatlogs.models import ModerationAction, Tombstone


@admin.register(Tombstone)
class TombstoneAdmin(ModerationPermissions, WithActions, ReadOnlyAdmin):
    list_display = ["room", "date", "time", "held", "changed_at"]
    ordering = ["changed_at", "pk"]
    search_fields = ["room"]
    fields = readonly_fields = ("room", "date", "time", "held", "changed_at")
    actions = ["approve", "reject"]
    goes_on_to_list = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_hide_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_hide_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tombstone]:
        """Where something waits; the others are nobody's matter."""
        return super().get_queryset(request).filter(is_holding=True)

    @admin.display(description=_("held back"))
    def held(self, tombstone: Tombstone) -> int:
        return moderation.count_held(tombstone)

    @action(_("let in: something else"), permission="hide")
    def approve(self, request: HttpRequest, queryset: QuerySet[Tombstone]) -> HttpResponse | None:
        title, explanation = gettext("Let it in?"), gettext("The next import brings it. This cannot be undone.")
        ask = partial(_ask, request, moderation.approve, title, gettext("let in: something else"), explanation)
        return self.ask(request, queryset, ask)

    @action(_("keep out: what was erased"), permission="hide")
    def reject(self, request: HttpRequest, queryset: QuerySet[Tombstone]) -> HttpResponse | None:
        title, explanation = gettext("Keep it out?"), gettext("No import brings it. This cannot be undone.")
        ask = partial(_ask, request, moderation.reject, title, gettext("keep out: what was erased"), explanation)
        return self.ask(request, queryset, ask)


def _ask(
    request: HttpRequest,
    decide: Callable[..., ModerationAction],
    title: str,
    button: str,
    explanation: str,
    chosen: Sequence[Tombstone],
) -> Question:
    def perform(tombstones: Sequence[Tombstone], wanted: Mapping[str, Any]) -> list[ModerationAction]:
        return [decide(tombstone, **read_justification(request, wanted)) for tombstone in tombstones]

    where = gettext("It is in the transcript of that day: please look there first.")
    return Question(
        title=title,
        button=button,
        explanation=f"{where} {explanation}",
        perform=perform,
        make_form=justification_form(request),
        describe=_describe,
    )


def _describe(tombstone: Tombstone) -> str:
    count = moderation.count_held(tombstone)
    text = ngettext("%(counter)s message held back", "%(counter)s messages held back", count) % {"counter": count}
    return f"{tombstone} · {text}"
