"""Messages and the actions on them."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.changes import link_actions
from chatlogs.admin.actions.forms import read_key
from chatlogs.admin.actions.messages import MessageActions
from chatlogs.admin.base import ReadOnlyAdmin, is_superuser
from chatlogs.admin.filters import ChoiceFilter
from chatlogs.admin.formatting import LIST_TEXT, link_message, list_flags, shorten, show_contexts
from chatlogs.models import Message
from chatlogs.queries.actions import find_actions_on

State = Message.State


class StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    options = State.choices

    def narrow(self, rows: QuerySet[Message], value: str | None, request: HttpRequest) -> QuerySet[Message]:
        in_state = rows.filter(state=value)
        # The index on messages that are not shown is only used with this condition.
        return in_state if value == State.SHOWN else in_state.exclude(state=State.SHOWN)


class OriginalFilter(ChoiceFilter):
    title = _("original kept")
    parameter_name = "original"
    options = (("yes", _("Yes")),)

    def narrow(self, rows: QuerySet[Message], value: str | None, request: HttpRequest) -> QuerySet[Message]:
        return rows.filter(original__isnull=False)


@admin.register(Message)
class MessageAdmin(MessageActions, ReadOnlyAdmin):
    list_display = ["key", "room", "date", "time", "alias", "kind", "beginning", "state", "flags"]
    list_filter = ["room", StateFilter, "kind", "is_withdrawn", OriginalFilter]
    ordering = ["-position"]
    search_fields = ["key__exact"]
    search_help_text = _("key or address of a message")
    fields = [
        "key",
        "room",
        "day",
        "time",
        "alias",
        "kind",
        "state",
        "flags",
        "duplicate_links",
        "text",
        "in_context",
        "past_actions",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        messages: Any = super().get_queryset(request)
        return cast(QuerySet[Message], messages.with_originals().select_related("day__room", "duplicate_of"))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, read_key(search_term))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if not is_superuser(request):
            return list(self.fields)
        return [*self.fields[:-2], "original_text", "original_author", "original_url", *self.fields[-2:]]

    @admin.display(description=_("date"))
    def date(self, message: Message) -> dt.date:
        return message.day.date

    @admin.display(description=_("text"))
    def beginning(self, message: Message) -> str:
        return shorten(message, LIST_TEXT)

    @admin.display(description=_("flags"))
    def flags(self, message: Message) -> str:
        return list_flags(message)

    @admin.display(description=_("duplicate"))
    def duplicate_links(self, message: Message) -> str:
        shown = message.duplicate_of
        others = [shown] if shown else message.duplicates.order_by("position")
        return format_html_join(", ", "{}", ((link_message(one),) for one in others)) or "-"

    @admin.display(description=_("in context"))
    def in_context(self, message: Message) -> str:
        return show_contexts([message])[0]

    @admin.display(description=_("actions"))
    def past_actions(self, message: Message) -> str:
        return link_actions(find_actions_on(message)) or "-"

    @admin.display(description=_("original text"))
    def original_text(self, message: Message) -> str:
        return message.original.text if hasattr(message, "original") else "-"

    @admin.display(description=_("original name"))
    def original_author(self, message: Message) -> str:
        return str(message.original.alias or "-") if hasattr(message, "original") else "-"

    @admin.display(description=_("original address"))
    def original_url(self, message: Message) -> str:
        return message.original.url or "-" if hasattr(message, "original") else "-"
