"""Removal requests from outside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
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
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.autocomplete import autocomplete_field
from chatlogs.admin.base import moderator_of
from chatlogs.admin.filters import ChoiceFilter, age_filter
from chatlogs.admin.formatting import show_contexts
from chatlogs.models import Message, ModerationAction, RemovalRequest
from chatlogs.moderation import requests

State = RemovalRequest.State
Requests = QuerySet[RemovalRequest]

# Linked messages shown on a request's page.
MOST_MESSAGES = 20

SOON = dt.timedelta(days=3)


class StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    options = State.choices
    default = _("not closed")

    def narrow(self, rows: Requests, value: str | None, request: HttpRequest) -> Requests:
        return rows.filter(state__in=[value] if value else [State.OPEN, State.ERASING])


class DueFilter(ChoiceFilter):
    title = _("due")
    parameter_name = "due"
    options = (("overdue", _("overdue")), ("soon", _("within three days")))

    def narrow(self, rows: Requests, value: str | None, request: HttpRequest) -> Requests:
        now = timezone.now()
        due = {"due_at__lt": now} if value == "overdue" else {"due_at__range": (now, now + SOON)}
        return rows.filter(closed_at=None, **due)


class AssigneeFilter(ChoiceFilter):
    title = _("assignee")
    parameter_name = "assigned"
    options = (("mine", _("assigned to me")), ("nobody", _("unassigned")))

    def narrow(self, rows: Requests, value: str | None, request: HttpRequest) -> Requests:
        return rows.filter(assignee=moderator_of(request) if value == "mine" else None)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=RemovalRequest._meta.get_field("outcome").verbose_name,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(RemovalRequest)
class RemovalRequestAdmin(WithActions):
    list_display = ["reference", "wish", "state", "due", "assignee", "message_count", "created_at"]
    list_filter = [StateFilter, "wish", DueFilter, age_filter("created_at", "7", "30", "90"), AssigneeFilter]
    list_select_related = ["assignee"]
    ordering = ["due_at", "id"]
    search_fields = ["=reference", "contact"]
    search_help_text = _("reference or contact")
    fields = [
        "reference", "state", "wish", "created_at", "due", "closed_at", "subject", "explanation", "contact",
        "assignee", "member", "messages", "message_links", "past_actions", "outcome",
    ]  # fmt: skip
    readonly_fields = [
        "reference", "state", "wish", "created_at", "due", "closed_at", "subject", "explanation", "contact",
        "message_links", "messages_in_context", "past_actions",
    ]  # fmt: skip
    autocomplete_fields = ["messages"]
    actions = ["take", "resolve", "refuse"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(linked_count=Count("messages"))
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return only the links for users who may not view messages."""
        shown = "messages_in_context" if request.user.has_perm("chatlogs.view_message") else "message_links"
        return [shown if name == "message_links" else name for name in self.fields]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "member":
            return autocomplete_field(db_field, request, **kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: RemovalRequest, form: Any, change: bool) -> None:
        """Save only the edited fields: somebody may have closed the request meanwhile."""
        obj.save(update_fields={"assignee", "member", "outcome"}.intersection(form.changed_data))

    @admin.display(description=_("due at"), ordering="due_at")
    def due(self, removal_request: RemovalRequest) -> str:
        date = date_format(timezone.localtime(removal_request.due_at), "Y-m-d")
        return format_html("<strong>{} · {}</strong>", date, gettext("overdue")) if removal_request.is_overdue else date

    @admin.display(description=_("messages"), ordering="linked_count")
    def message_count(self, removal_request: Any) -> int:
        return int(removal_request.linked_count)

    @admin.display(description=_("on the site"))
    def message_links(self, removal_request: RemovalRequest) -> str:
        links = ((_link_to_site(message),) for message in _find_linked(removal_request))
        return format_html_join("", "{}<br>", links) or "-"

    @admin.display(description=_("in context"))
    def messages_in_context(self, removal_request: RemovalRequest) -> str:
        messages = _find_linked(removal_request)
        blocks = zip(map(_link_to_site, messages), show_contexts(messages), strict=True)
        return format_html_join("", "<div>{}{}</div>", blocks) or "-"

    @admin.display(description=_("actions"))
    def past_actions(self, removal_request: Any) -> str:
        rows = [
            (reverse("admin:chatlogs_moderationaction_change", args=[done.pk]), done)
            for done in removal_request.actions.all()
        ]
        return format_html_join("", '<a href="{}">{}</a><br>', rows) or "-"

    @action(_("assign to me"))
    def take(self, request: HttpRequest, queryset: Requests) -> None:
        self.do_for_each(request, queryset, partial(requests.take, by=moderator_of(request)))

    @action(_("close as done"))
    def resolve(self, request: HttpRequest, queryset: Requests) -> HttpResponse | None:
        def make(chosen: Sequence[RemovalRequest]) -> Question:
            title = ngettext("Close %(counter)s request as done?", "Close %(counter)s requests as done?", len(chosen))
            return _ask_to_close(request, State.DONE, chosen, title, gettext("close as done"))

        return self.ask(request, queryset, make)

    @action(_("refuse"))
    def refuse(self, request: HttpRequest, queryset: Requests) -> HttpResponse | None:
        def make(chosen: Sequence[RemovalRequest]) -> Question:
            title = ngettext("Refuse %(counter)s request?", "Refuse %(counter)s requests?", len(chosen))
            return _ask_to_close(request, State.REFUSED, chosen, title, gettext("refuse"))

        return self.ask(request, queryset, make)


def _ask_to_close(
    request: HttpRequest, state: str, chosen: Sequence[RemovalRequest], title: str, button: str
) -> Question:
    def perform(closed: Sequence[RemovalRequest], wanted: Mapping[str, Any]) -> list[ModerationAction]:
        by, site = moderator_of(request), request.build_absolute_uri("/")
        for removal_request in closed:
            requests.close(removal_request, state, by=by, outcome=wanted["outcome"], site=site)
        return []

    return Question(
        title=title % {"counter": len(chosen)},
        button=button,
        explanation=gettext(
            "Requesters who left an email address are notified. The email does not include the outcome."
        ),
        perform=perform,
        make_form=lambda data: OutcomeForm(data, initial={"outcome": chosen[0].outcome if chosen else ""}),
        describe=lambda removal_request: f"{removal_request} · {removal_request.get_wish_display()}",
    )


def _find_linked(removal_request: RemovalRequest) -> list[Message]:
    return list(removal_request.messages.select_related("day__room").order_by("position")[:MOST_MESSAGES])


def _link_to_site(message: Message) -> str:
    """Return a link to the message's page on the site, or to the notice that it was removed."""
    label = f"{message.day} {time_format(message.time, 'H:i')}"
    return format_html('<a href="{}">{}</a> ({})', message.get_absolute_url(), label, gettext("view on site"))
