"""The queue of requests from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.autocomplete import autocomplete_field
from chatlogs.admin.base import moderator_of
from chatlogs.models import Message, ModerationAction, RemovalRequest
from chatlogs.moderation import requests
from chatlogs.queries.context import find_context

State = RemovalRequest.State

# Linked messages that a case's page shows, and characters of each.
MOST_MESSAGES = 20
LONGEST_TEXT = 200

SOON = dt.timedelta(days=3)
AGES = {"7": _("a week or more"), "30": _("30 days or more"), "90": _("90 days or more")}


class InState(admin.SimpleListFilter):
    """Those that wait for an answer, unless others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((state.value, state.label) for state in State), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        default, *others = super().choices(changelist)
        yield {**default, "display": _("not closed")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        if self.value() is None:
            return queryset.filter(state__in=[State.OPEN, State.ERASING])
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class IsLate(admin.SimpleListFilter):
    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue")), ("soon", _("within three days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        waiting, now = queryset.filter(closed_at=None), timezone.now()
        if self.value() == "overdue":
            return waiting.filter(due_at__lt=now)
        return waiting.filter(due_at__range=(now, now + SOON)) if self.value() == "soon" else queryset


class IsOld(admin.SimpleListFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(AGES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        if self.value() not in AGES:
            return queryset
        return queryset.filter(created_at__lte=timezone.now() - dt.timedelta(days=int(self.value() or 0)))


class IsWhose(admin.SimpleListFilter):
    title = _("assignee")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine")), ("nobody", _("nobody's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> QuerySet[RemovalRequest]:
        if self.value() == "mine":
            return queryset.filter(assignee=moderator_of(request))
        return queryset.filter(assignee=None) if self.value() == "nobody" else queryset


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=RemovalRequest._meta.get_field("outcome").verbose_name,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(RemovalRequest)
class RemovalRequestAdmin(WithActions):
    list_display = ["reference", "wish", "state", "due", "assignee", "message_count", "created_at"]
    list_filter = [InState, "wish", IsLate, IsOld, IsWhose]
    list_select_related = ["assignee"]
    ordering = ["due_at", "id"]
    search_fields = ["=reference", "contact"]
    search_help_text = _("reference, or how to answer")
    fields = [
        "reference", "state", "wish", "created_at", "due", "closed_at", "subject", "explanation", "contact",
        "assignee", "member", "messages", "linked", "past_actions", "outcome",
    ]  # fmt: skip
    readonly_fields = [
        "reference", "state", "wish", "created_at", "due", "closed_at", "subject", "explanation", "contact", "linked",
        "in_context", "past_actions",
    ]  # fmt: skip
    autocomplete_fields = ["messages"]
    actions = ["take", "resolve", "refuse"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(linked_count=Count("messages"))
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Those who may not look at messages see which are meant, and not what they say."""
        linked = "in_context" if request.user.has_perm("chatlogs.view_message") else "linked"
        return [linked if name == "linked" else name for name in self.fields]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "member":
            return autocomplete_field(db_field, request, **kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: RemovalRequest, form: Any, change: bool) -> None:
        """Nothing but what was filled in: meanwhile somebody may have closed the case."""
        obj.save(update_fields={"assignee", "member", "outcome"}.intersection(form.changed_data))

    @admin.display(description=_("due at"), ordering="due_at")
    def due(self, removal_request: RemovalRequest) -> str:
        date = date_format(timezone.localtime(removal_request.due_at), "Y-m-d")
        return format_html("<strong>{} · {}</strong>", date, gettext("overdue")) if removal_request.is_overdue else date

    @admin.display(description=_("messages"), ordering="linked_count")
    def message_count(self, removal_request: Any) -> int:
        return int(removal_request.linked_count)

    @admin.display(description=_("on the site"))
    def linked(self, removal_request: RemovalRequest) -> str:
        return format_html_join("", "{}<br>", ((_link(message),) for message in _find_linked(removal_request))) or "-"

    @admin.display(description=_("in their place"))
    def in_context(self, removal_request: RemovalRequest) -> str:
        messages = _find_linked(removal_request)
        blocks = [
            (_link(message), format_html_join("", "<li>{}</li>", ((_quote(one, message),) for one in around)))
            for message, around in zip(messages, find_context(messages), strict=True)
        ]
        return format_html_join("", "<div>{}<ol>{}</ol></div>", blocks) or "-"

    @admin.display(description=_("actions"))
    def past_actions(self, removal_request: Any) -> str:
        rows = [
            (reverse("admin:chatlogs_moderationaction_change", args=[done.pk]), done)
            for done in removal_request.actions.all()
        ]
        return format_html_join("", '<a href="{}">{}</a><br>', rows) or "-"

    @action(_("take on"))
    def take(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> None:
        chosen, by = list(queryset), moderator_of(request)

        def take_all() -> list[ModerationAction]:
            for removal_request in chosen:
                requests.take(removal_request, by=by)
            return []

        self.do(request, take_all)

    @action(_("settled: done"))
    def resolve(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> HttpResponse | None:
        def make(chosen: Sequence[RemovalRequest]) -> Question:
            title = ngettext("%(counter)s case: done?", "%(counter)s cases: done?", len(chosen))
            return self._ask_for_outcome(request, State.DONE, chosen, title, gettext("settled: done"))

        return self.ask(request, queryset, make)

    @action(_("refuse"))
    def refuse(self, request: HttpRequest, queryset: QuerySet[RemovalRequest]) -> HttpResponse | None:
        def make(chosen: Sequence[RemovalRequest]) -> Question:
            title = ngettext("Refuse %(counter)s case?", "Refuse %(counter)s cases?", len(chosen))
            return self._ask_for_outcome(request, State.REFUSED, chosen, title, gettext("refuse"))

        return self.ask(request, queryset, make)

    def _ask_for_outcome(
        self, request: HttpRequest, state: str, chosen: Sequence[RemovalRequest], title: str, button: str
    ) -> Question:
        def perform(closed: Sequence[RemovalRequest], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            by, site = moderator_of(request), request.build_absolute_uri("/")
            for removal_request in closed:
                requests.close(removal_request, state, by=by, outcome=wanted["outcome"], site=site)
            return []

        return Question(
            title=title % {"counter": len(chosen)},
            button=button,
            explanation=gettext("Whoever left an e-mail address is told by mail, without the outcome's text."),
            perform=perform,
            make_form=lambda data: OutcomeForm(data, initial={"outcome": chosen[0].outcome if chosen else ""}),
            describe=lambda removal_request: f"{removal_request} · {removal_request.get_wish_display()}",
        )


def _find_linked(removal_request: RemovalRequest) -> list[Message]:
    return list(removal_request.messages.select_related("day__room").order_by("position")[:MOST_MESSAGES])


def _link(message: Message) -> str:
    """To its place on the site, or to where it says that it is gone."""
    label = f"{message.day} {time_format(message.time, 'H:i')}"
    text = '<a href="{}">{}</a> ({})'
    return format_html(text, message.get_absolute_url(), label, gettext("view on site"))


def _quote(message: Message, meant: Message) -> str:
    state = "" if message.state == Message.State.SHOWN else f" [{message.get_state_display()}]"
    said = Truncator(message.text).chars(LONGEST_TEXT) if message.text else message.get_kind_display()
    line = f"{time_format(message.time, 'H:i:s')} {message.alias or '-'}{state}: {said}"
    return format_html("<strong>{}</strong>", line) if message == meant else format_html("{}", line)
