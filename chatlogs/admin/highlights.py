"""Highlights: written in a form, previewed as readers will see them, then published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import editorial
from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import justification_form, read_justification
from chatlogs.admin.base import moderator_of
from chatlogs.admin.formatting import shorten
from chatlogs.audit import ActionRefused
from chatlogs.models import Highlight, HighlightPart, Message, ModerationAction
from chatlogs.queries.highlights import Passage, find_passages
from chatlogs.text.message_keys import find_message_keys

Rows = Sequence[Any]


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A part of a highlight: a message or a range of messages, with a comment."""

    place = forms.IntegerField(
        label=HighlightPart._meta.get_field("order").verbose_name,
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"size": 3}),
    )
    quoted = forms.CharField(
        label=_("Quoted messages"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3, "cols": 40}),
        help_text=format_lazy(
            _(
                "For one message, its address or key. For several, those of the first and the last, or the address of a"
                " range. All of one day, at most {most}."
            ),
            most=editorial.MOST_MESSAGES,
        ),
    )

    class Meta:
        model = HighlightPart
        fields = ("comment",)
        widgets = {"comment": AdminTextareaWidget(attrs={"rows": 3, "cols": 40})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        part = self.instance
        if part.pk:
            keys = [end.key for end in (part.first, part.last) if end] or [end["key"] for end in part.awaited.values()]
            self.initial.update(place=part.order, quoted=" ".join(dict.fromkeys(keys)))

    def clean_quoted(self) -> str:
        """Accept unchanged keys: the messages may have been hidden, or their room closed to this curator."""
        typed: str = self.cleaned_data["quoted"]
        if self.instance.pk and "quoted" not in self.changed_data:
            return typed
        keys = find_message_keys(typed)
        if not 1 <= len(keys) <= 2:
            raise ValidationError(gettext("Enter the address or key of one message, or of the first and the last."))
        ends = []
        for key in (keys[0], keys[-1]):
            message = Message.objects.visible().filter(key=key).select_related("day", "room").first()
            if message is None:
                raise ValidationError(gettext("There is no readable message with the key %(key)s.") % {"key": key})
            ends.append(message)
        first, last = ends
        try:
            editorial.check_passage(first, last)
        except ActionRefused as refused:
            raise ValidationError(str(refused)) from None
        self.instance.first, self.instance.last, self.instance.awaited = first, last, {}
        return typed


class PartFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        try:
            editorial.check_parts(self.parts)
        except ActionRefused as refused:
            raise ValidationError(str(refused)) from None

    @property
    def parts(self) -> list[HighlightPart]:
        """Return the parts by their numbers; those without a number follow in the order of the form."""
        kept = [form for form in self.forms if form.cleaned_data.get("quoted") and form not in self.deleted_forms]
        kept.sort(key=lambda form: form.cleaned_data["place"] or 1 << 31)
        return [form.instance for form in kept]


class PartInline(admin.TabularInline):  # type: ignore[type-arg]
    """The permissions are those of the highlight."""

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


class HighlightForm(forms.ModelForm):  # type: ignore[type-arg]
    tag_names = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=500,
        widget=AdminTextInputWidget,
        help_text=_("Separated by commas."),
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


@admin.register(Highlight)
class HighlightAdmin(WithActions):
    form = HighlightForm
    list_display = ["title", "slug", "is_published", "published_at", "changed_by", "changed_at"]
    list_filter = ["is_published"]
    list_select_related = ["changed_by"]
    ordering = ["-changed_at"]
    search_fields = ["title", "slug", "tags__name"]
    inlines = [PartInline]
    actions = ["publish", "retract"]
    history_fields = ("is_published", "published_at", "made_by", "made_at", "changed_by", "changed_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if not obj:
            return ["title", "slug", "notes", "tag_names"]
        tags = "tag_names" if self.has_change_permission(request, obj) else "tag_list"
        return ["title", "slug", "notes", tags, "preview", *self.history_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return the slug, too, once it is part of an address."""
        return ["slug", "tag_list", "preview", *self.history_fields] if obj else []

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Prefill a new highlight with the range that a curator chose on the site."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj.pk is None:
            ends = filter(None, (request.GET.get(name, "").strip() for name in ("from", "to")))
            kwargs["initial"] = [{"quoted": " ".join(ends)[:1000]}]
        return kwargs

    def view_on_site(self, obj: Highlight) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description=_("tags"))
    def tag_list(self, highlight: Highlight) -> str:
        return ", ".join(tag.name for tag in highlight.tags.all()) or "-"

    @admin.display(description=_("preview"))
    def preview(self, highlight: Highlight) -> str:
        passages = format_html_join("", "{}", ((_show(passage),) for passage in find_passages(highlight)))
        return passages or gettext("You cannot read any of the quoted messages.")

    def save_model(self, request: HttpRequest, obj: Highlight, form: Any, change: bool) -> None:
        """Do nothing: `save_related` saves the highlight together with its parts."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        parts = [part for formset in formsets for part in formset.parts]
        editorial.save_highlight(form.instance, parts, form.cleaned_data["tag_names"], by=moderator_of(request))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Leave out the formsets: they were not saved by themselves and cannot name their changes."""
        return super().construct_change_message(request, form, [], add)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        text = gettext("The highlight was saved but is not published yet. Below is what readers will see.")
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
                explanation=gettext(
                    "Everyone who may enter one of the quoted rooms can read it. You can retract it later."
                ),
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
                explanation=gettext("It can then be read only in the admin. You can publish it again."),
                perform=perform,
                make_form=justification_form(request),
            )

        return self.ask(request, queryset, make)


def _show(passage: Passage) -> str:
    heading = f"{passage.day.room} · {date_format(passage.day.date, 'Y-m-d')}"
    lines = (
        (f"{time_format(message.time, 'H:i')} {message.alias or '-'}: {shorten(message)}",)
        for message in passage.messages
    )
    return format_html("<p><strong>{}</strong></p><ol>{}</ol>", heading, format_html_join("", "<li>{}</li>", lines))
