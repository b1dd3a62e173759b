"""The queue of merge suggestions: pairs of names that may belong to one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.base import ActionsOnlyAdmin, moderator_of
from chatlogs.admin.evidence_text import describe
from chatlogs.admin.filters import ChoiceFilter
from chatlogs.admin.formatting import count_messages, shorten
from chatlogs.admin.people import describe_name
from chatlogs.models import Alias, Message, ModerationAction, Room, Suggestion
from chatlogs.people import suggestions

Suggestions = QuerySet[Suggestion]

NEWEST = 5


class StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    options = tuple((state.value, state.label) for state in (Suggestion.State.ACCEPTED, Suggestion.State.REFUSED))
    default = Suggestion.State.OPEN.label

    def narrow(self, rows: Suggestions, value: str | None, request: HttpRequest) -> Suggestions:
        """Leave out open suggestions whose names have been joined meanwhile."""
        return rows.filter(state=value) if value else rows.filter(suggestions.find_undecided())


class RoomFilter(admin.SimpleListFilter):
    """Suggestions with either name in a room."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(room.slug, str(room)) for room in Room.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Suggestions) -> Suggestions:
        room = self.value()
        return queryset.filter(Q(first__room__slug=room) | Q(second__room__slug=room)) if room else queryset


@admin.register(Suggestion)
class SuggestionAdmin(WithActions, ActionsOnlyAdmin):
    list_display = ["score", "one", "other", "evidence_in_words", "state"]
    list_filter = [StateFilter, RoomFilter]
    search_fields = ["first__name", "second__name"]
    search_help_text = _("part of either name")
    ordering = ["-score", "id"]
    fields = readonly_fields = (
        "one", "newest_of_one", "other", "newest_of_other", "evidence_in_words", "score", "state", "decided_by",
        "decided_at",
    )  # fmt: skip
    actions = ["accept", "refuse", "reopen"]
    goes_on_to_list = True

    def get_queryset(self, request: HttpRequest) -> Suggestions:
        return super().get_queryset(request).select_related("first__room", "second__room", "decided_by")

    @admin.display(description=_("name"), ordering="first__name")
    def one(self, suggestion: Suggestion) -> str:
        return _describe_name(suggestion.first)

    @admin.display(description=_("other name"), ordering="second__name")
    def other(self, suggestion: Suggestion) -> str:
        return _describe_name(suggestion.second)

    @admin.display(description=_("evidence"))
    def evidence_in_words(self, suggestion: Suggestion) -> str:
        if not suggestion.evidence:
            return gettext("None: a moderator has split them.")
        return format_html_join("", "{}<br>", ((describe(evidence),) for evidence in suggestion.evidence))

    @admin.display(description=_("latest messages"))
    def newest_of_one(self, suggestion: Suggestion) -> str:
        return _quote_newest(suggestion.first)

    @admin.display(description=_("latest messages"))
    def newest_of_other(self, suggestion: Suggestion) -> str:
        return _quote_newest(suggestion.second)

    @action(_("accept: same person"))
    def accept(self, request: HttpRequest, queryset: Suggestions) -> HttpResponse | None:
        def perform(chosen: Sequence[Suggestion], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            return suggestions.accept_all(chosen, by=moderator_of(request), reason=wanted["reason"])

        def make(chosen: Sequence[Suggestion]) -> Question:
            title = ngettext("Merge %(counter)s pair of names?", "Merge %(counter)s pairs of names?", len(chosen))
            return Question(
                title=title % {"counter": len(chosen)},
                button=gettext("accept: same person"),
                explanation=gettext("In each pair, the member with more messages gets the other's names."),
                perform=perform,
                describe=lambda pair: f"{describe_name(pair.first)} = {describe_name(pair.second)}",
            )

        return self.ask(request, queryset, make)

    @action(_("refuse permanently"))
    def refuse(self, request: HttpRequest, queryset: Suggestions) -> None:
        self.do_for_each(request, queryset, partial(suggestions.refuse, by=moderator_of(request)))

    @action(_("reopen"))
    def reopen(self, request: HttpRequest, queryset: Suggestions) -> None:
        self.do_for_each(request, queryset, suggestions.reopen)


def _describe_name(alias: Alias) -> str:
    """Return the name, linked to its admin page, with where and when it was used."""
    address = reverse("admin:chatlogs_alias_change", args=[alias.pk])
    place = f"{alias.room} · {count_messages(alias.message_count)}"
    span = " – ".join(date_format(date, "Y-m-d") for date in (alias.first_seen, alias.last_seen) if date)
    return format_html('<a href="{}">{}</a><br>{}<br>{}', address, alias, place, span)


def _quote_newest(alias: Alias) -> str:
    """Return the latest messages that the moderator may read as a reader, with links to the site."""
    newest = Message.objects.visible().filter(alias=alias).select_related("day").order_by("-position")[:NEWEST]
    lines = [
        (
            message.get_absolute_url(),
            f"{date_format(message.day.date, 'Y-m-d')} {time_format(message.time, 'H:i')}",
            shorten(message),
        )
        for message in newest
    ]
    return format_html_join("", '<a href="{}">{}</a> {}<br>', lines) or "-"
