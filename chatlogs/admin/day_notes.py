"""Notes on days: an empty text removes a note."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs import editorial
from chatlogs.admin.actions.confirmation import WithActions
from chatlogs.admin.base import moderator_of
from chatlogs.models import Day, DayNote

DAY_ADDRESS = re.compile(r"rooms/(?P<room>[-\w]+)/(?P<date>[0-9]{4}/[0-9]{2}/[0-9]{2})")


class DayField(forms.CharField):
    """Reads the address of a day's page."""

    widget = AdminTextInputWidget

    def clean(self, value: Any) -> Day:
        day = None
        if typed := DAY_ADDRESS.search(super().clean(value)):
            try:
                date = dt.date.fromisoformat(typed["date"].replace("/", "-"))
            except ValueError:
                pass
            else:
                days = Day.objects.visible().with_messages().select_related("room")
                day = days.filter(room__slug=typed["room"], date=date).first()
        if day is None:
            raise ValidationError(
                gettext("This is not the address of a day with messages, such as /rooms/tea/2019/03/15/.")
            )
        if DayNote.objects.filter(day=day).exists():
            raise ValidationError(gettext("This day already has a note. Edit that one instead."))
        return day


class NewNoteForm(forms.ModelForm):  # type: ignore[type-arg]
    day = DayField(label=_("Day"), help_text=_("The address of the day's page."))
    text = DayNote._meta.get_field("text").formfield(required=True, widget=AdminTextareaWidget)

    class Meta:
        model = DayNote
        fields = ("day", "text")


@admin.register(DayNote)
class DayNoteAdmin(WithActions):
    list_display = ["day", "has_text", "changed_by", "changed_at"]
    list_filter = ["day__room"]
    list_select_related = ["day__room", "changed_by"]
    ordering = ["-changed_at"]
    search_fields = ["=day__date"]
    search_help_text = _("a date, such as 2019-03-15")
    readonly_fields = ["changed_by", "changed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("day__room", "changed_by")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **kwargs | ({} if obj else {"form": NewNoteForm}))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["day", "text", "changed_by", "changed_at"] if obj else ["day", "text"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["day", *self.readonly_fields] if obj else []

    def view_on_site(self, obj: DayNote) -> str:
        return obj.get_absolute_url()

    @admin.display(description=_("has text"), boolean=True)
    def has_text(self, note: DayNote) -> bool:
        return bool(note.text)

    def save_model(self, request: HttpRequest, obj: DayNote, form: Any, change: bool) -> None:
        editorial.write_note(obj.day, form.cleaned_data["text"], by=moderator_of(request))
        obj.pk = DayNote.objects.get(day=obj.day).pk
