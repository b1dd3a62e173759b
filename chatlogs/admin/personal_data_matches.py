"""The queue of personal data found in messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import justification_form, read_justification
from chatlogs.admin.base import ActionsOnlyAdmin
from chatlogs.admin.formatting import link, shorten, show_in_place
from chatlogs.models import ModerationAction, PersonalDataMatch
from chatlogs.moderation import excerpts

State = PersonalDataMatch.State

AGES = {"1": _("older than a day"), "7": _("older than a week"), "30": _("older than 30 days")}


class InState(admin.SimpleListFilter):
    """What waits, unless more is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decided = (State.MASKED, State.RELEASED)
        return [*((state.value, state.label) for state in decided), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        default, *others = super().choices(changelist)
        yield {**default, "display": State.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[PersonalDataMatch]) -> QuerySet[PersonalDataMatch]:
        return queryset if self.value() == "all" else queryset.filter(state=self.value() or State.OPEN)


class IsOld(admin.SimpleListFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(AGES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[PersonalDataMatch]) -> QuerySet[PersonalDataMatch]:
        if self.value() not in AGES:
            return queryset
        return queryset.filter(found_at__lt=timezone.now() - dt.timedelta(days=int(self.value() or 0)))


@admin.register(PersonalDataMatch)
class PersonalDataMatchAdmin(WithActions, ActionsOnlyAdmin):
    list_display = ["kind", "piece", "shown_text", "message_link", "room", "state", "found_at"]
    list_display_links = ["kind"]
    list_filter = ["kind", InState, "message__room", IsOld]
    ordering = ["id"]
    search_fields = ["message__key__exact"]
    search_help_text = _("a message's key")
    fields = readonly_fields = (
        "kind",
        "piece",
        "state",
        "message_link",
        "room",
        "text_as_shown",
        "in_place",
        "found_at",
    )
    actions = ["mask", "release", "reopen"]
    goes_on_to_list = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("message__day", "message__room", "message__alias", "message__original")
        return super().get_queryset(request).select_related(*related)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _without_piece(self.list_display, self.has_change_permission(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return _without_piece(self.fields, self.has_change_permission(request))

    @admin.display(description=_("what was found"))
    def piece(self, match: PersonalDataMatch) -> str:
        """For those who decide on it, who cannot without."""
        return excerpts.read_found(match)

    @admin.display(description=_("text"))
    def shown_text(self, match: PersonalDataMatch) -> str:
        return shorten(match.message)

    @admin.display(description=_("text"))
    def text_as_shown(self, match: PersonalDataMatch) -> str:
        return match.message.text

    @admin.display(description=_("message"))
    def message_link(self, match: PersonalDataMatch) -> str:
        return link(match.message)

    @admin.display(description=_("room"))
    def room(self, match: PersonalDataMatch) -> str:
        return str(match.message.room)

    @admin.display(description=_("in its place"))
    def in_place(self, match: PersonalDataMatch) -> str:
        return show_in_place(match.message)

    @action(_("mask"))
    def mask(self, request: HttpRequest, queryset: QuerySet[PersonalDataMatch]) -> HttpResponse | None:
        explanation = gettext("Readers see a block instead, until a moderator decides otherwise.")
        return self.ask(request, queryset, partial(_ask, request, State.MASKED, gettext("mask"), explanation))

    @action(_("release"))
    def release(self, request: HttpRequest, queryset: QuerySet[PersonalDataMatch]) -> HttpResponse | None:
        explanation = gettext("Readers see it: it is no personal data, or was published by whom it belongs to.")
        return self.ask(request, queryset, partial(_ask, request, State.RELEASED, gettext("release"), explanation))

    @action(_("reopen"))
    def reopen(self, request: HttpRequest, queryset: QuerySet[PersonalDataMatch]) -> HttpResponse | None:
        explanation = gettext("It is masked or not as the room says.")
        return self.ask(request, queryset, partial(_ask, request, State.OPEN, gettext("reopen"), explanation))


def _without_piece(names: Sequence[Any], is_for_deciding: bool) -> list[Any]:
    return [name for name in names if is_for_deciding or name != "piece"]


def _ask(
    request: HttpRequest, state: str, button: str, explanation: str, chosen: Sequence[PersonalDataMatch]
) -> Question:
    def perform(
        personal_data_matches: Sequence[PersonalDataMatch], wanted: Mapping[str, Any]
    ) -> list[ModerationAction]:
        return [moderation.decide_on_matches(personal_data_matches, state, **read_justification(request, wanted))]

    title = ngettext("%(counter)s finding: %(state)s?", "%(counter)s findings: %(state)s?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen), "state": button},
        button=button,
        explanation=explanation,
        perform=perform,
        make_form=justification_form(request),
        describe=lambda match: f"{match.get_kind_display()} · {excerpts.read_found(match)} · {match.message.key}",
    )
