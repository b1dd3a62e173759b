"""The queue of personal data found in messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from chatlogs.admin.base import ActionsOnlyAdmin
from chatlogs.admin.filters import ChoiceFilter, age_filter
from chatlogs.admin.formatting import link_message, shorten, show_contexts
from chatlogs.models import ModerationAction, PersonalDataMatch
from chatlogs.moderation import excerpts

State = PersonalDataMatch.State
Matches = QuerySet[PersonalDataMatch]


class StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    options = tuple((state.value, state.label) for state in (State.MASKED, State.RELEASED))
    default = State.OPEN.label

    def narrow(self, rows: Matches, value: str | None, request: HttpRequest) -> Matches:
        return rows.filter(state=value or State.OPEN)


@admin.register(PersonalDataMatch)
class PersonalDataMatchAdmin(WithActions, ActionsOnlyAdmin):
    list_display = ["kind", "found_text", "shown_text", "message_link", "room", "state", "found_at"]
    list_display_links = ["kind"]
    list_filter = ["kind", StateFilter, "message__room", age_filter("found_at", "1", "7", "30")]
    ordering = ["id"]
    search_fields = ["message__key__exact"]
    search_help_text = _("a message's key")
    fields = readonly_fields = (
        "kind",
        "found_text",
        "state",
        "message_link",
        "room",
        "full_text",
        "in_context",
        "found_at",
    )
    actions = ["mask", "release", "reopen"]
    goes_on_to_list = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("message__day", "message__room", "message__alias", "message__original")
        return super().get_queryset(request).select_related(*related)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self._hide_found_text(self.list_display, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self._hide_found_text(self.fields, request)

    def _hide_found_text(self, names: Sequence[Any], request: HttpRequest) -> list[Any]:
        """Show what was found, which may be masked for readers, only to those who decide on it."""
        is_allowed = self.has_change_permission(request)
        return [name for name in names if is_allowed or name != "found_text"]

    @admin.display(description=_("what was found"))
    def found_text(self, match: PersonalDataMatch) -> str:
        return excerpts.read_found(match)

    @admin.display(description=_("text"))
    def shown_text(self, match: PersonalDataMatch) -> str:
        return shorten(match.message)

    @admin.display(description=_("text"))
    def full_text(self, match: PersonalDataMatch) -> str:
        return match.message.text

    @admin.display(description=_("message"))
    def message_link(self, match: PersonalDataMatch) -> str:
        return link_message(match.message)

    @admin.display(description=_("room"))
    def room(self, match: PersonalDataMatch) -> str:
        return str(match.message.room)

    @admin.display(description=_("in context"))
    def in_context(self, match: PersonalDataMatch) -> str:
        return show_contexts([match.message])[0]

    @action(_("mask"))
    def mask(self, request: HttpRequest, queryset: Matches) -> HttpResponse | None:
        explanation = gettext("Readers see a block instead, unless a moderator releases it later.")
        return self.ask(request, queryset, partial(_ask, request, State.MASKED, gettext("mask"), explanation))

    @action(_("release"))
    def release(self, request: HttpRequest, queryset: Matches) -> HttpResponse | None:
        explanation = gettext("Readers see it: it is not personal data, or its owner has published it.")
        return self.ask(request, queryset, partial(_ask, request, State.RELEASED, gettext("release"), explanation))

    @action(_("reopen"))
    def reopen(self, request: HttpRequest, queryset: Matches) -> HttpResponse | None:
        explanation = gettext("The room's settings decide again whether it is masked.")
        return self.ask(request, queryset, partial(_ask, request, State.OPEN, gettext("reopen"), explanation))


def _ask(
    request: HttpRequest, state: str, button: str, explanation: str, chosen: Sequence[PersonalDataMatch]
) -> Question:
    def perform(matches: Sequence[PersonalDataMatch], wanted: Mapping[str, Any]) -> list[ModerationAction]:
        return [moderation.decide_on_matches(matches, state, **read_justification(request, wanted))]

    title = ngettext("%(state)s %(counter)s match?", "%(state)s %(counter)s matches?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen), "state": button.capitalize()},
        button=button,
        explanation=explanation,
        perform=perform,
        make_form=justification_form(request),
        describe=lambda match: f"{match.get_kind_display()} · {excerpts.read_found(match)} · {match.message.key}",
    )
