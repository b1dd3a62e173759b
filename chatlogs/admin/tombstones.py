"""Import review: new messages that stand where erased ones stood."""

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
    list_display = ["room", "date", "time", "pending", "changed_at"]
    ordering = ["changed_at", "pk"]
    search_fields = ["room"]
    fields = readonly_fields = ("room", "date", "time", "pending", "changed_at")
    actions = ["approve", "reject"]
    goes_on_to_list = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_hide_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_hide_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tombstone]:
        return super().get_queryset(request).filter(is_holding=True)

    @admin.display(description=_("pending review"))
    def pending(self, tombstone: Tombstone) -> int:
        return moderation.count_held(tombstone)

    @action(_("approve: different messages"), permission="hide")
    def approve(self, request: HttpRequest, queryset: QuerySet[Tombstone]) -> HttpResponse | None:
        title, explanation = gettext("Approve these messages?"), gettext("The next import adds them.")
        ask = partial(_ask, request, moderation.approve, title, gettext("approve: different messages"), explanation)
        return self.ask(request, queryset, ask)

    @action(_("reject: erased messages"), permission="hide")
    def reject(self, request: HttpRequest, queryset: QuerySet[Tombstone]) -> HttpResponse | None:
        title, explanation = gettext("Reject these messages?"), gettext("They will never be imported.")
        ask = partial(_ask, request, moderation.reject, title, gettext("reject: erased messages"), explanation)
        return self.ask(request, queryset, ask)


def describe_tombstone(tombstone: Tombstone) -> str:
    count = moderation.count_held(tombstone)
    text = ngettext("%(counter)s message pending review", "%(counter)s messages pending review", count)
    return f"{tombstone} · {text % {'counter': count}}"


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

    advice = gettext("Look at the transcript of that day first: this cannot be undone.")
    return Question(
        title=title,
        button=button,
        explanation=f"{explanation} {advice}",
        perform=perform,
        make_form=justification_form(request),
        describe=describe_tombstone,
    )
