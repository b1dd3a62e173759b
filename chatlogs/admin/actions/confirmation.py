"""Admin actions that ask for confirmation and a reason, and run in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext

from chatlogs.admin.actions.forms import ReasonForm
from chatlogs.admin.base import BaseAdmin
from chatlogs.audit import ActionRefused
from chatlogs.models import ModerationAction

# Rows that an action accepts at once, which takes some seconds, and those of them that are shown.
MOST_AT_ONCE = 200
SHOWN = 10

CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Question:
    """A confirmation page. `perform` gets the rows and the form's cleaned data, and returns the actions it recorded.

    `about` and `count` are the affected objects and their number, if these are not the chosen rows.
    """

    title: str
    button: str
    perform: Callable[[Sequence[Any], Mapping[str, Any]], Sequence[ModerationAction]]
    explanation: str = ""
    make_form: Callable[[Any], forms.Form] = ReasonForm
    describe: Callable[[Any], str] = str
    about: Sequence[Any] | None = None
    count: int | None = None


class WithActions(BaseAdmin):
    """Offer actions on an object's page, too, and show why an action was refused."""

    change_form_template = "admin/chatlogs/change_form.html"
    # Whether an action on an object's page leads back to the list.
    goes_on_to_list = False
    # Actions that need more than one row.
    actions_on_several: Sequence[str] = ()
    # Actions on one object only, with the form that its page shows for them.
    actions_on_one: Mapping[str, Callable[[], forms.Form]] = {}

    def get_action_choices(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        choices = super().get_action_choices(request, *args, **kwargs)
        return [(name, label) for name, label in choices if name not in self.actions_on_one]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        actions: dict[str, Any] = self.get_actions(request)
        if request.method == "POST" and "action" in request.POST:
            return self._act_on_one(request, object_id, actions)
        try:
            return super().change_view(request, object_id, form_url, self._offer(actions) | (extra_context or {}))
        except ActionRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())

    def _offer(self, actions: Mapping[str, Any]) -> dict[str, Any]:
        offered = [(name, label) for _act, name, label in actions.values() if name not in self.actions_on_several]
        forms_by_name = self.actions_on_one
        return {
            "object_actions": [(name, label) for name, label in offered if name not in forms_by_name],
            "object_actions_with_forms": [
                (name, label, forms_by_name[name]()) for name, label in offered if name in forms_by_name
            ],
        }

    def _act_on_one(self, request: HttpRequest, object_id: str, actions: dict[str, Any]) -> HttpResponse:
        row = self.get_object(request, object_id)
        if (action := request.POST["action"]) not in actions or not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            return redirect(request.get_full_path())
        act, *_ = actions[action]
        answer: HttpResponse | None = act(self, request, self.get_queryset(request).filter(pk=row.pk))
        if answer is None and self.goes_on_to_list:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return answer or HttpResponseRedirect(request.get_full_path())

    def ask(
        self, request: HttpRequest, rows: models.QuerySet[Any], make: Callable[[Sequence[Any]], Question]
    ) -> HttpResponse | None:
        """Show the confirmation page of an action, or run the action if the page was confirmed."""
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = gettext("Select at most %(most)s at a time.") % {"most": MOST_AT_ONCE}
            self.message_user(request, text, messages.ERROR)
            return None
        try:
            question = make(chosen)
        except ActionRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return None
        form = question.make_form(request.POST if CONFIRMED in request.POST else None)
        if not form.is_valid():
            return self._show(request, chosen, question, form)
        self.do(request, lambda: question.perform(chosen, form.cleaned_data))
        return None

    def do(self, request: HttpRequest, perform: Callable[[], Sequence[ModerationAction]]) -> None:
        """Run an action in a transaction and show the result."""
        try:
            with transaction.atomic():
                actions = perform()
        except ActionRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        else:
            self.message_user(request, _report(actions), messages.SUCCESS)

    def do_for_each(self, request: HttpRequest, rows: models.QuerySet[Any], perform: Callable[[Any], object]) -> None:
        """Change all rows or none, without an entry in the log."""
        chosen = list(rows)

        def perform_all() -> list[ModerationAction]:
            for row in chosen:
                perform(row)
            return []

        self.do(request, perform_all)

    def _show(
        self, request: HttpRequest, chosen: Sequence[models.Model], question: Question, form: forms.Form
    ) -> HttpResponse:
        about = chosen if question.about is None else question.about
        count = len(about) if question.count is None else question.count
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": question.title,
            "question": question,
            "form": form,
            "media": self.media + form.media,
            "keys": [row.pk for row in chosen],
            "preview": [question.describe(row) for row in about[:SHOWN]],
            "more": max(0, count - SHOWN),
            "action": request.POST["action"],
            "checkbox": ACTION_CHECKBOX_NAME,
            "confirmed": CONFIRMED,
        }
        return TemplateResponse(request, "admin/chatlogs/confirm.html", context)


def _report(actions: Sequence[ModerationAction]) -> str:
    if not actions:
        return gettext("Done.")
    ids = ", ".join(str(action.pk) for action in actions)
    text = ngettext("Done, as action %(ids)s.", "Done, as actions %(ids)s.", len(actions))
    return text % {"ids": ids}


def action(description: Any, permission: str = "change") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an admin action that needs a permission: `change`, or one with a `has_…_permission` method."""
    return admin.action(permissions=[permission], description=description)
