"""Highlights: written by a form, seen as readers will see them, then published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import editorial
from chatlogs.admin.actions.confirmation import Question, action
from chatlogs.admin.actions.forms import justification_form, read_justification
from chatlogs.admin.base import moderator_of
from chatlogs.admin.curated import Written
from chatlogs.admin.formatting import shorten
from chatlogs.admin.highlight_forms import PartForm, PartFormSet
from chatlogs.audit import ActionRefused
from chatlogs.models import Highlight, HighlightPart, ModerationAction
from chatlogs.queries.highlights import Passage, find_passages
from chatlogs.queries.timelines import TimelineMessage

Rows = Sequence[Any]


class HighlightForm(forms.ModelForm):  # type: ignore[type-arg]
    tag_names = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=_("With commas between them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tag_names"] = ", ".join(tag.name for tag in self.instance.tags.all())

    def clean_tag_names(self) -> list[str]:
        try:
            return editorial.read_tag_names(self.cleaned_data["tag_names"])
        except ActionRefused as refused:
            raise ValidationError(str(refused)) from None


class PartInline(admin.TabularInline):  # type: ignore[type-arg]
    """Whoever may write the highlight may write its parts."""

    model = HighlightPart
    form = PartForm
    formset = PartFormSet
    fields = ("place", "quoted", "comment")
    ordering = ("order",)
    extra = 2
    min_num = 1
    max_num = editorial.MOST_PARTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[HighlightPart]:
        return super().get_queryset(request).select_related("first", "last")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("chatlogs.view_highlight") or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("chatlogs.change_highlight" if obj else "chatlogs.add_highlight")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)


@admin.register(Highlight)
class HighlightAdmin(Written):
    form = HighlightForm
    list_display = ["title", "slug", "is_published", "published_at", "changed_by", "changed_at"]
    list_filter = ["is_published"]
    list_select_related = ["changed_by"]
    ordering = ["-changed_at"]
    search_fields = ["title", "slug", "tags__name"]
    inlines = [PartInline]
    actions = ["publish", "retract"]
    told = ("is_published", "published_at", "made_by", "made_at", "changed_by", "changed_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        written = ["title", "slug", "notes", "tag_names"]
        if not obj:
            return written
        if not self.has_change_permission(request, obj):
            written[-1] = "tagged"
        return [*written, "preview", *self.told]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The slug makes the address."""
        return ["slug", "tagged", "preview", *self.told] if obj else []

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A new highlight may begin with the range that somebody was reading."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj.pk is None:
            ends = filter(None, (request.GET.get(name, "").strip() for name in ("from", "to")))
            kwargs["initial"] = [{"quoted": " ".join(ends)[:1000]}]
        return kwargs

    def view_on_site(self, obj: Highlight) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description=_("tags"))
    def tagged(self, highlight: Highlight) -> str:
        return ", ".join(tag.name for tag in highlight.tags.all()) or "-"

    @admin.display(description=_("what can be read of it"))
    def preview(self, highlight: Highlight) -> str:
        passages = format_html_join("", "{}", ((_show(passage),) for passage in find_passages(highlight)))
        return passages or gettext("Nothing of what it quotes can be read by you.")

    def save_model(self, request: HttpRequest, obj: Highlight, form: Any, change: bool) -> None:
        """Together with its parts."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        parts = [part for formset in formsets for part in formset.parts]
        editorial.save_highlight(form.instance, parts, form.cleaned_data["tag_names"], by=moderator_of(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        text = gettext("It is written, and not published yet: below is what readers will see.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:chatlogs_highlight_change", obj.pk)

    @action(_("publish"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Highlight]) -> HttpResponse | None:
        def perform(chosen: Rows, wanted: Mapping[str, Any]) -> list[ModerationAction]:
            return [editorial.publish(chosen, by=moderator_of(request))]

        def make(chosen: Rows) -> Question:
            title = ngettext("Publish %(counter)s highlight?", "Publish %(counter)s highlights?", len(chosen))
            return Question(
                title=title % {"counter": len(chosen)},
                button=gettext("publish"),
                explanation=gettext("Whoever may enter a room that it quotes reads it. It can be retracted."),
                perform=perform,
                make_form=lambda data: forms.Form(data),
            )

        return self.ask(request, queryset, make)

    @action(_("retract"))
    def retract(self, request: HttpRequest, queryset: QuerySet[Highlight]) -> HttpResponse | None:
        def perform(chosen: Rows, wanted: Mapping[str, Any]) -> list[ModerationAction]:
            return [editorial.retract(chosen, **read_justification(request, wanted))]

        def make(chosen: Rows) -> Question:
            title = ngettext("Retract %(counter)s highlight?", "Retract %(counter)s highlights?", len(chosen))
            return Question(
                title=title % {"counter": len(chosen)},
                button=gettext("retract"),
                explanation=gettext("Nobody reads it any more but in the admin. It can be published again."),
                perform=perform,
                make_form=justification_form(request),
            )

        return self.ask(request, queryset, make)


def _show(passage: Passage) -> str:
    lines = format_html_join("", "<li>{}</li>", ((_tell(message),) for message in passage.messages))
    heading = f"{passage.day.room} · {date_format(passage.day.date, 'Y-m-d')}"
    return format_html("<p><strong>{}</strong></p><ol>{}</ol>", heading, lines)


def _tell(message: TimelineMessage) -> str:
    return f"{time_format(message.time, 'H:i')} {message.alias or '-'}: {shorten(message)}"
