"""Mentioned names, single mentions, and whom they mean."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from chatlogs import mentions
from chatlogs.admin.actions.confirmation import WithActions, action
from chatlogs.admin.autocomplete import AutocompleteFields, autocomplete_field
from chatlogs.models import Mention, MentionedName, Message

# Mentions shown on a name's page, and characters around each.
EXAMPLES = 5
AROUND = 40

BY_NAME = Mention.objects.filter(name=OuterRef("pk")).order_by().values("name")
MENTIONS = Coalesce(Subquery(BY_NAME.annotate(count=Count("pk")).values("count")), 0)


@admin.register(MentionedName)
class MentionedNameAdmin(WithActions, AutocompleteFields):
    list_display = ["text", "room", "mentions", "alias", "method", "is_sure"]
    list_filter = ["room", "method", "is_sure"]
    list_select_related = ["room", "alias"]
    search_fields = ["text"]
    fields = ["text", "room", "mentions", "examples", "method", "is_sure", "alias"]
    readonly_fields = ["text", "room", "mentions", "examples", "method", "is_sure"]
    ordering = [MENTIONS.desc(), "id"]
    actions = ["forget"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the meanings of single mentions: MentionAdmin edits them."""
        names: QuerySet[Any] = super().get_queryset(request).filter(is_single=False).annotate(mention_count=MENTIONS)
        return names

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        kwargs["help_texts"] = {"alias": _("Leave empty for somebody who is not in the archive.")}
        return super().get_form(request, *args, **kwargs)

    @admin.display(description=_("mentions"), ordering="mention_count")
    def mentions(self, name: Any) -> int:
        return int(name.mention_count)

    @admin.display(description=_("latest mentions"))
    def examples(self, name: MentionedName) -> str:
        newest = Mention.objects.visible().filter(name=name).select_related("message__day").order_by("-pk")
        return format_html_join("", "{}<br>", ((_quote(mention),) for mention in newest[:EXAMPLES])) or "-"

    def save_model(self, request: HttpRequest, obj: MentionedName, form: Any, change: bool) -> None:
        mentions.override_name(obj, obj.alias)

    @action(_("clear the override"))
    def forget(self, request: HttpRequest, queryset: QuerySet[MentionedName]) -> None:
        self.do_for_each(request, queryset, mentions.clear_name_override)


class MentionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Edits the alias of the mention's name as if it were a field of the mention."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["alias"] = self.instance.name.alias_id


@admin.register(Mention)
class MentionAdmin(WithActions):
    list_display = ["name", "message", "means"]
    list_select_related = ["message", "name__alias"]
    ordering = ["-id"]
    search_fields = ["message__key__exact"]
    search_help_text = _("a message's key")
    fields = ["name", "quotation", "means"]
    readonly_fields = ["name", "quotation", "means"]
    actions = ["forget"]

    @action(_("clear the override"))
    def forget(self, request: HttpRequest, queryset: QuerySet[Mention]) -> None:
        self.do_for_each(request, queryset.select_related("name"), mentions.clear_mention_override)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mention]:
        return super().get_queryset(request).select_related("message__day", "name__alias")

    @admin.display(description=_("stands for"))
    def means(self, mention: Mention) -> str:
        return str(mention.name.alias or "-")

    @admin.display(description=_("message"))
    def quotation(self, mention: Mention) -> str:
        return _quote(mention)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if not self.has_change_permission(request, obj):
            return ["name", "quotation", "means"]
        return ["name", "quotation", "alias"]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        alias = MentionedName._meta.get_field("alias")
        field = autocomplete_field(
            alias, request, help_text=_("For this mention only. Leave empty for somebody who is not in the archive.")
        )
        kwargs["form"] = type("MentionForm", (MentionForm,), {"alias": field})
        return super().get_form(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Mention, form: Any, change: bool) -> None:
        if "alias" in form.changed_data:
            mentions.override_mention(obj, form.cleaned_data["alias"])


def _quote(mention: Mention) -> str:
    """Return the text around a mention, with a link to the message on the site."""
    message: Message = mention.message
    before, after = max(0, mention.start - AROUND), mention.stop + AROUND
    return format_html(
        '<a href="{}">{}</a> {}<strong>{}</strong>{}',
        message.get_absolute_url(),
        message.day.date.isoformat(),
        message.text[before : mention.start],
        message.text[mention.start : mention.stop],
        message.text[mention.stop : after],
    )
