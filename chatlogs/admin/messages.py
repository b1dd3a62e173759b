"""Messages, and what moderators do with them."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.changes import link_actions
from chatlogs.admin.actions.forms import read_key
from chatlogs.admin.actions.messages import MessageActions
from chatlogs.admin.base import ReadOnlyAdmin, is_superuser
from chatlogs.admin.formatting import BEGINNING, link_all, list_flags, shorten, show_in_place
from chatlogs.models import Message
from chatlogs.queries.actions import find_actions_on

State = Message.State


class InState(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """The index on what is not shown is taken by the second condition alone."""
        if self.value() not in State.values:
            return queryset
        in_state = queryset.filter(state=self.value())
        return in_state if self.value() == State.SHOWN else in_state.exclude(state=State.SHOWN)


class IsSealed(admin.SimpleListFilter):
    title = _("original sealed")
    parameter_name = "sealed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(original__isnull=False) if self.value() == "yes" else queryset


@admin.register(Message)
class MessageAdmin(MessageActions, ReadOnlyAdmin):
    list_display = ["key", "room", "date", "time", "alias", "kind", "beginning", "state", "flags"]
    list_filter = ["room", InState, "kind", "is_withdrawn", IsSealed]
    ordering = ["-position"]
    search_fields = ["key__exact"]
    search_help_text = _("a message's key, or its address")
    fields = [
        "key",
        "room",
        "day",
        "time",
        "alias",
        "kind",
        "state",
        "flags",
        "doubled",
        "text",
        "in_place",
        "past_actions",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        messages: Any = super().get_queryset(request)
        messages = messages.with_originals().select_related("day__room", "duplicate_of")
        return cast(QuerySet[Message], messages)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, read_key(search_term))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if not is_superuser(request):
            return list(self.fields)
        return [*self.fields[:-2], "sealed_text", "sealed_author", "sealed_url", *self.fields[-2:]]

    @admin.display(description=_("date"))
    def date(self, message: Message) -> dt.date:
        return message.day.date

    @admin.display(description=_("text"))
    def beginning(self, message: Message) -> str:
        return shorten(message, BEGINNING)

    @admin.display(description=_("marks"))
    def flags(self, message: Message) -> str:
        return list_flags(message)

    @admin.display(description=_("duplicate"))
    def doubled(self, message: Message) -> str:
        shown = message.duplicate_of
        return link_all([shown] if shown else message.duplicates.order_by("position")) or "-"

    @admin.display(description=_("in its place"))
    def in_place(self, message: Message) -> str:
        return show_in_place(message)

    @admin.display(description=_("actions"))
    def past_actions(self, message: Message) -> str:
        return link_actions(find_actions_on(message)) or "-"

    @admin.display(description=_("sealed text"))
    def sealed_text(self, message: Message) -> str:
        return message.original.text if hasattr(message, "original") else "-"

    @admin.display(description=_("original name"))
    def sealed_author(self, message: Message) -> str:
        return str(message.original.alias or "-") if hasattr(message, "original") else "-"

    @admin.display(description=_("sealed address"))
    def sealed_url(self, message: Message) -> str:
        return message.original.url or "-" if hasattr(message, "original") else "-"
