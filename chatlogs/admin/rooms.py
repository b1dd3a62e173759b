"""Rooms and days: hidden and restored as a whole; which personal data a room masks automatically."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import NOT_CHOSEN, JustificationForm, justification_form, read_justification
from chatlogs.admin.autocomplete import AutocompleteFields
from chatlogs.admin.base import ModerationPermissions, ReadOnlyAdmin, moderator_of
from chatlogs.admin.formatting import count_messages
from chatlogs.models import Day, ModerationAction, PersonalDataMatch, Room
from chatlogs.models.revision import bump_revision
from chatlogs.people import merging
from chatlogs.people.evidence import EXPORTER_SET

Rows = Sequence[Any]
Wanted = Mapping[str, Any]


@admin.register(Day)
class DayAdmin(ModerationPermissions, WithActions, ReadOnlyAdmin):
    list_display = ["date", "room", "message_count", "member_count", "speaker", "is_hidden", "revision"]
    list_filter = ["room", "is_hidden"]
    list_select_related = ["room", "speaker"]
    ordering = ["-date", "room"]
    search_fields = ["=date"]
    search_help_text = _("a date, such as 2019-03-15")
    fields = ["room", "date", "speaker", "message_count", "member_count", "is_hidden", "revision"]
    actions = ["hide_day", "restore_day"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Day]:
        return super().get_queryset(request).select_related("room", "speaker")

    @action(_("hide the whole day"), permission="hide")
    def hide_day(self, request: HttpRequest, queryset: QuerySet[Day]) -> HttpResponse | None:
        def make(chosen: Rows) -> Question:
            title = ngettext("Hide %(counter)s day?", "Hide %(counter)s days?", len(chosen))
            return Question(
                title=title % {"counter": len(chosen)},
                button=gettext("hide the whole day"),
                explanation=gettext("Hides all messages, including those imported later. You can undo this."),
                perform=_for_each(request, moderation.hide_day),
                make_form=justification_form(request),
                describe=_describe_day,
            )

        return self.ask(request, queryset, make)

    @action(_("restore the day"), permission="hide")
    def restore_day(self, request: HttpRequest, queryset: QuerySet[Day]) -> HttpResponse | None:
        def make(chosen: Rows) -> Question:
            title = ngettext("Restore %(counter)s day?", "Restore %(counter)s days?", len(chosen))
            return Question(
                title=title % {"counter": len(chosen)},
                button=gettext("restore the day"),
                explanation=gettext("Messages that were hidden individually stay hidden."),
                perform=_for_each(request, moderation.restore_day),
                make_form=justification_form(request),
                describe=_describe_day,
            )

        return self.ask(request, queryset, make)


class VisibilityForm(JustificationForm):
    visibility = forms.ChoiceField(
        label=Room._meta.get_field("visibility").verbose_name, choices=[NOT_CHOSEN, *Room.Visibility.choices]
    )
    field_order = ("visibility", *JustificationForm.field_order)


class MaskedKindsForm(JustificationForm):
    masked_kinds = forms.MultipleChoiceField(
        label=Room._meta.get_field("masked_kinds").verbose_name,
        required=False,
        choices=PersonalDataMatch.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("masked_kinds", *JustificationForm.field_order)


@admin.register(Room)
class RoomAdmin(ModerationPermissions, AutocompleteFields, WithActions):
    """Curators edit how a room is described; moderators, who may read it."""

    list_display = ["slug", "title", "visibility", "time_zone", "exporter", "is_indexable"]
    list_filter = ["visibility"]
    list_select_related = ["exporter"]
    search_fields = ["slug", "title"]
    fields = [
        "slug", "title", "description", "time_zone", "exporter", "visibility", "reader_group", "is_indexable",
        "masked_automatically",
    ]  # fmt: skip
    # The slug is part of addresses, and another time zone would move every message. Actions change the other two.
    readonly_fields = ["slug", "time_zone", "visibility", "masked_automatically"]
    actions = ["change_visibility", "change_masked_kinds"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) or self.has_hide_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        of_curators = [] if super().has_change_permission(request, obj) else ["title", "description", "exporter"]
        of_moderators = [] if self.has_hide_permission(request) else ["reader_group", "is_indexable"]
        return [*self.readonly_fields, *of_curators, *of_moderators]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "reader_group":
            return admin.ModelAdmin.formfield_for_foreignkey(self, db_field, request, **kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        bump_revision()
        if "exporter" in form.changed_data:
            merging.set_exporter(obj, obj.exporter, by=moderator_of(request), reason=EXPORTER_SET)
        obj.save(update_fields=form.changed_data)

    @admin.display(description=Room._meta.get_field("masked_kinds").verbose_name)
    def masked_automatically(self, room: Room) -> str:
        return ", ".join(str(kind.label) for kind in PersonalDataMatch.Kind if kind in room.masked_kinds) or "-"

    @action(_("change visibility"), permission="hide")
    def change_visibility(self, request: HttpRequest, queryset: QuerySet[Room]) -> HttpResponse | None:
        def perform(rooms: Rows, wanted: Wanted) -> list[ModerationAction]:
            why = read_justification(request, wanted)
            return [moderation.set_visibility(room, wanted["visibility"], **why) for room in rooms]

        def make(chosen: Rows) -> Question:
            return Question(
                title=gettext("Who may read the room?"),
                button=gettext("change visibility"),
                explanation=gettext(
                    "A private room can be read by its reader group and by users who may hide messages."
                ),
                perform=perform,
                make_form=justification_form(request, VisibilityForm),
                describe=lambda room: f"{room} · {room.get_visibility_display()}",
            )

        return self.ask(request, queryset, make)

    @action(_("change automatic masking"), permission="hide")
    def change_masked_kinds(self, request: HttpRequest, queryset: QuerySet[Room]) -> HttpResponse | None:
        def perform(rooms: Rows, wanted: Wanted) -> list[ModerationAction]:
            why = read_justification(request, wanted)
            return [moderation.set_masked_kinds(room, wanted["masked_kinds"], **why) for room in rooms]

        def make(chosen: Rows) -> Question:
            masked = sorted({kind for room in chosen for kind in room.masked_kinds})
            return Question(
                title=gettext("What should be masked automatically?"),
                button=gettext("change automatic masking"),
                explanation=gettext("This also applies to earlier matches that nobody has reviewed yet."),
                perform=perform,
                make_form=justification_form(request, MaskedKindsForm, initial={"masked_kinds": masked}),
                describe=lambda room: f"{room} · {self.masked_automatically(room)}",
            )

        return self.ask(request, queryset, make)


def _for_each(
    request: HttpRequest, do: Callable[..., ModerationAction]
) -> Callable[[Rows, Wanted], list[ModerationAction]]:
    return lambda rows, wanted: [do(row, **read_justification(request, wanted)) for row in rows]


def _describe_day(day: Day) -> str:
    return f"{day} · {count_messages(day.message_count)}"
