"""Opt-outs, and the actions on members and names that have to do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.confirmation import Question
from chatlogs.admin.actions.forms import HideForm, JustificationForm, justification_form, read_justification
from chatlogs.admin.base import ReadOnlyAdmin, is_superuser
from chatlogs.admin.formatting import describe_message, load_preview
from chatlogs.models import Alias, Member, Message, ModerationAction, OptOut, OriginalName
from chatlogs.moderation import Part

Extent = OptOut.Extent
Actions = list[ModerationAction]
Wanted = Mapping[str, Any]

EXTENTS = [
    (Extent.NAME, _("Replace the name with a neutral one, also where others mention it; messages stay visible.")),
    (Extent.MESSAGES, _("As above, and hide all messages, including future ones.")),
    (Extent.IMPORTS, _("As above, and do not import further messages.")),
]


@admin.register(OptOut)
class OptOutAdmin(ReadOnlyAdmin):
    list_display = ["pseudonym", "extent", "member_link", "made_at"]
    list_filter = ["extent"]
    ordering = ["-id"]
    search_fields = ["pseudonym"]
    fields = ["pseudonym", "extent", "member_link", "made_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OptOut]:
        return super().get_queryset(request).select_related("member")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*self.list_display, "real_names"] if is_superuser(request) else list(self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.fields, "real_names"] if is_superuser(request) else list(self.fields)

    @admin.display(description=_("member"))
    def member_link(self, opted: OptOut) -> str:
        address = reverse("admin:chatlogs_member_change", args=[opted.member_id])
        return format_html('<a href="{}">{}</a>', address, opted.member.key)

    @admin.display(description=_("names in the transcripts"))
    def real_names(self, opted: OptOut) -> str:
        names = OriginalName.objects.filter(alias__member=opted.member_id).order_by("name")
        return ", ".join(dict.fromkeys(names.values_list("name", flat=True))) or "-"


class ExtentForm(JustificationForm):
    extent = forms.ChoiceField(label=_("Extent"), choices=EXTENTS, widget=forms.RadioSelect)
    field_order = ("extent", *JustificationForm.field_order)


def ask_to_opt_out(request: HttpRequest, chosen: Sequence[Member]) -> Question:
    def perform(members: Sequence[Member], wanted: Wanted) -> Actions:
        why = read_justification(request, wanted)
        return [moderation.opt_out(member, wanted["extent"], **why) for member in members]

    title = ngettext("Opt %(counter)s member out?", "Opt %(counter)s members out?", len(chosen))
    return Question(
        title=title % {"counter": len(chosen)},
        button=gettext("opt out"),
        explanation=gettext(
            "Applies to all names of the member and to equal names in all rooms. It can be undone in the log."
        ),
        perform=perform,
        make_form=justification_form(request, ExtentForm),
        describe=lambda member: f"{member} · {member.key}",
    )


def ask_to_hide_all(request: HttpRequest, chosen: Sequence[Member]) -> Question:
    """Hide all messages of these members in one action."""
    ids = [pk for member in chosen for pk in moderation.find_of_member(member)]
    said = list(Message.objects.only("position").in_bulk(ids).values())

    def perform(_members: Sequence[Member], wanted: Wanted) -> Actions:
        return [moderation.hide(said, Part(wanted["part"]), **read_justification(request, wanted))]

    title = ngettext("Hide %(counter)s message?", "Hide %(counter)s messages?", len(ids))
    return Question(
        title=title % {"counter": len(ids)},
        button=gettext("hide all messages"),
        explanation=gettext(
            "Hides all current messages. Replies by others that quote them and future messages stay visible."
        ),
        perform=perform,
        make_form=justification_form(request, HideForm),
        describe=describe_message,
        about=load_preview(said),
        count=len(ids),
    )


def ask_to_exempt(request: HttpRequest, is_exempt: bool, chosen: Sequence[Alias]) -> Question:
    def perform(names: Sequence[Alias], wanted: Wanted) -> Actions:
        why = read_justification(request, wanted)
        return [moderation.exempt(name, is_exempt, **why) for name in names]

    explanation = (
        gettext("The person with this name is not the one with the same name who opted out: the name is shown again.")
        if is_exempt
        else gettext("The person with this name is the one who opted out under the same name.")
    )
    return Question(
        title=gettext("Is this a different person?"),
        button=gettext("not the person who opted out") if is_exempt else gettext("remove the exemption"),
        explanation=explanation,
        perform=perform,
        make_form=justification_form(request),
        describe=lambda name: f"{name} · {name.room}",
    )
