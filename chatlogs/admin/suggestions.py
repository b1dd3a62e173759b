"""The queue of pairs of names that may be one person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.base import ActionsOnlyAdmin, moderator_of
from chatlogs.admin.evidence_text import describe
from chatlogs.admin.people import describe_name
from chatlogs.models import Alias, Message, ModerationAction, Room, Suggestion
from chatlogs.people import suggestions

NEWEST = 5
LONGEST_TEXT = 200


class IsDecided(admin.SimpleListFilter):
    """The open ones, unless others are asked for; of these, nothing has joined the names meanwhile."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        decided = (Suggestion.State.ACCEPTED, Suggestion.State.REFUSED)
        return [*((state.value, state.label) for state in decided), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        default, *others = super().choices(changelist)
        yield {**default, "display": Suggestion.State.OPEN.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        if self.value() is None:
            return queryset.filter(suggestions.find_undecided())
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class InRoom(admin.SimpleListFilter):
    """Either name is one of the room's."""

    title = _("room")
    parameter_name = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(room.slug, str(room)) for room in Room.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        room = self.value()
        return queryset.filter(Q(first__room__slug=room) | Q(second__room__slug=room)) if room else queryset


@admin.register(Suggestion)
class SuggestionAdmin(WithActions, ActionsOnlyAdmin):
    list_display = ["score", "one", "other", "evidence_in_words", "state"]
    list_filter = [IsDecided, InRoom]
    search_fields = ["first__name", "second__name"]
    search_help_text = _("a part of either name")
    ordering = ["-score", "id"]
    fields = readonly_fields = (
        "one", "newest_of_one", "other", "newest_of_other", "evidence_in_words", "score", "state", "decided_by",
        "decided_at",
    )  # fmt: skip
    actions = ["accept", "refuse", "reopen"]
    goes_on_to_list = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return super().get_queryset(request).select_related("first__room", "second__room", "decided_by")

    @admin.display(description=_("name"), ordering="first__name")
    def one(self, suggestion: Suggestion) -> str:
        return _tell(suggestion.first)

    @admin.display(description=_("other name"), ordering="second__name")
    def other(self, suggestion: Suggestion) -> str:
        return _tell(suggestion.second)

    @admin.display(description=_("evidence"))
    def evidence_in_words(self, suggestion: Suggestion) -> str:
        if not suggestion.evidence:
            return gettext("None: a moderator took them apart.")
        return format_html_join("", "{}<br>", ((describe(evidence),) for evidence in suggestion.evidence))

    @admin.display(description=_("its newest messages"))
    def newest_of_one(self, suggestion: Suggestion) -> str:
        return _quote_newest(suggestion.first)

    @admin.display(description=_("its newest messages"))
    def newest_of_other(self, suggestion: Suggestion) -> str:
        return _quote_newest(suggestion.second)

    @action(_("accept: one person"))
    def accept(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> HttpResponse | None:
        def perform(chosen: Sequence[Suggestion], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            return suggestions.accept_all(chosen, by=moderator_of(request), reason=wanted["reason"])

        def make(chosen: Sequence[Suggestion]) -> Question:
            title = ngettext(
                "%(counter)s pair of names: one person's?",
                "%(counter)s pairs of names: one person's each?",
                len(chosen),
            ) % {"counter": len(chosen)}
            return Question(
                title=title,
                button=gettext("accept: one person"),
                explanation=gettext("Of each pair's members, the one with more messages gets the names of the other."),
                perform=perform,
                describe=lambda pair: f"{describe_name(pair.first)} = {describe_name(pair.second)}",
            )

        return self.ask(request, queryset, make)

    @action(_("refuse for good"))
    def refuse(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        by = moderator_of(request)
        self._do_for_each(request, queryset, lambda suggestion: suggestions.refuse(suggestion, by=by))

    @action(_("reopen"))
    def reopen(self, request: HttpRequest, queryset: QuerySet[Suggestion]) -> None:
        self._do_for_each(request, queryset, suggestions.reopen)

    def _do_for_each(
        self, request: HttpRequest, queryset: QuerySet[Suggestion], perform: Callable[[Suggestion], object]
    ) -> None:
        chosen = list(queryset)

        def do_all() -> list[ModerationAction]:
            for suggestion in chosen:
                perform(suggestion)
            return []

        self.do(request, do_all)


def _tell(alias: Alias) -> str:
    """The name, where and when it was used."""
    address = reverse("admin:chatlogs_alias_change", args=[alias.pk])
    span = " – ".join(date_format(date, "Y-m-d") for date in (alias.first_seen, alias.last_seen) if date)
    return format_html('<a href="{}">{}</a><br>{}<br>{}', address, alias, _place(alias), span)


def _place(alias: Alias) -> str:
    count = ngettext("%(counter)s message", "%(counter)s messages", alias.message_count)
    return f"{alias.room} · {count % {'counter': alias.message_count}}"


def _quote_newest(alias: Alias) -> str:
    """What readers may read of it, each message linked to its place on the site."""
    newest = Message.objects.visible().filter(alias=alias).select_related("day").order_by("-position")[:NEWEST]
    lines = [
        (
            message.get_absolute_url(),
            f"{date_format(message.day.date, 'Y-m-d')} {time_format(message.time, 'H:i')}",
            Truncator(message.text).chars(LONGEST_TEXT) if message.text else message.get_kind_display(),
        )
        for message in newest
    ]
    return format_html_join("", '<a href="{}">{}</a> {}<br>', lines) or "-"
