"""Members, their names, and the evidence that joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chatlogs.admin.actions.confirmation import Question, WithActions, action
from chatlogs.admin.actions.forms import ReasonForm
from chatlogs.admin.actions.opt_outs import ask_to_exempt, ask_to_hide_all, ask_to_opt_out
from chatlogs.admin.autocomplete import AutocompleteFields, AutocompleteSource
from chatlogs.admin.base import ModerationPermissions, ReadOnlyAdmin, moderator_of
from chatlogs.admin.filters import ChoiceFilter
from chatlogs.admin.formatting import count_messages
from chatlogs.models import Alias, Member, ModerationAction, NameEvidence
from chatlogs.people import display_names, merging

OF_MEMBER = Alias.objects.filter(member=OuterRef("pk")).order_by()
MESSAGES = Coalesce(Subquery(OF_MEMBER.values("member").annotate(sum=Sum("message_count")).values("sum")), 0)
NAMES = Coalesce(Subquery(OF_MEMBER.values("member").annotate(count=Count("pk")).values("count")), 0)


class AliasInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Alias
    fk_name = "member"
    fields = readonly_fields = ("room", "message_count", "first_seen", "last_seen")
    ordering = ["-message_count", "id"]
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).select_related("room")


class NamesFilter(ChoiceFilter):
    title = _("names")
    parameter_name = "names"
    options = (("none", _("merged into another member")),)
    default = _("with names")

    def narrow(self, rows: QuerySet[Member], value: str | None, request: HttpRequest) -> QuerySet[Member]:
        return rows.filter(~Exists(OF_MEMBER)) if value == "none" else rows.filter(Exists(OF_MEMBER))


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """Leaves the name empty unless a moderator has set it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_name_curated:
            self.initial["name"] = ""
        if "name" in self.fields:
            self.fields["name"].help_text = _("Leave empty to follow the transcripts.")


class MergeForm(ReasonForm):
    field_order = ["into", "reason"]

    def __init__(self, data: Any, members: Sequence[Member]) -> None:
        super().__init__(data)
        self.fields["into"] = forms.TypedChoiceField(
            label=_("Keep"),
            choices=[(member.pk, describe_member(member)) for member in members],
            coerce=int,
            initial=members[0].pk,
            widget=forms.RadioSelect,
        )
        self.order_fields(self.field_order)


@admin.register(Member)
class MemberAdmin(ModerationPermissions, AutocompleteSource, WithActions):
    form = MemberForm
    list_display = ["name", "messages", "names", "company", "role", "city", "key"]
    list_filter = [NamesFilter]
    search_fields = ["name", "aliases__name", "=key"]
    search_help_text = _("any of the names or the key")
    fields = ["key", "name", "name_in_transcripts", "company", "role", "city"]
    readonly_fields = ["key", "name_in_transcripts"]
    inlines = [AliasInline]
    ordering = [MESSAGES.desc(), "id"]
    actions = ["merge", "opt_out", "hide_all"]
    actions_on_several = ["merge"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        members: QuerySet[Any] = super().get_queryset(request).annotate(message_count=MESSAGES, name_count=NAMES)
        return members

    @admin.display(description=_("messages"), ordering="message_count")
    def messages(self, member: Any) -> int:
        return int(member.message_count)

    @admin.display(description=_("names"), ordering="name_count")
    def names(self, member: Any) -> int:
        return int(member.name_count)

    @admin.display(description=_("name in the transcripts"))
    def name_in_transcripts(self, member: Member) -> str:
        return display_names.read_name(Member.objects.get(pk=member.pk))

    def label(self, row: Any) -> str:
        return describe_member(row)

    def offer(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(Exists(OF_MEMBER))

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        member, wanted = Member.objects.get(pk=obj.pk), form.cleaned_data
        if "name" in form.changed_data:
            display_names.rename(member, wanted["name"])
        if not {"company", "role", "city"}.isdisjoint(form.changed_data):
            display_names.describe(member, company=wanted["company"], role=wanted["role"], city=wanted["city"])

    @action(_("merge"))
    def merge(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        def perform(members: Sequence[Member], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            into = next(member for member in members if member.pk == wanted["into"])
            others = [member for member in members if member != into]
            by = moderator_of(request)
            return [merging.merge(other, into, by=by, reason=wanted["reason"]) for other in others]

        def make(members: Sequence[Member]) -> Question:
            title = ngettext("Merge %(counter)s member?", "Merge %(counter)s members?", len(members)) % {
                "counter": len(members)
            }
            return Question(
                title=title,
                button=gettext("merge"),
                explanation=gettext(
                    "The member you keep gets the names of the others; their addresses redirect to it."
                ),
                perform=perform,
                make_form=lambda data: MergeForm(data, members),
                describe=describe_member,
            )

        if len(queryset[:2]) < 2:
            self.message_user(request, gettext("Select at least two members."), messages.ERROR)
            return None
        return self.ask(request, queryset.order_by(MESSAGES.desc(), "pk"), make)

    @action(_("opt out"), permission="opt_out")
    def opt_out(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_opt_out, request))

    @action(_("hide all messages"), permission="hide")
    def hide_all(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        return self.ask(request, queryset, partial(ask_to_hide_all, request))


class AliasForm(forms.ModelForm):  # type: ignore[type-arg]
    reason = ReasonForm.base_fields["reason"]


@admin.register(Alias)
class AliasAdmin(ModerationPermissions, AutocompleteSource, WithActions, AutocompleteFields):
    form = AliasForm
    list_display = ["name", "room", "member", "message_count", "first_seen", "last_seen"]
    list_filter = ["room", "is_opted_out", "is_exempt"]
    list_select_related = ["room", "member"]
    ordering = ["-message_count", "id"]
    search_fields = ["name"]
    fields = [
        "room", "name", "message_count", "first_seen", "last_seen", "is_opted_out", "is_exempt", "member", "reason",
    ]  # fmt: skip
    readonly_fields = ["room", "name", "message_count", "first_seen", "last_seen", "is_opted_out", "is_exempt"]
    actions = ["split", "exempt", "include"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alias]:
        return super().get_queryset(request).select_related("room", "member")

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        fields = list(super().get_fields(request, obj))
        return fields if self.has_change_permission(request, obj) else [name for name in fields if name != "reason"]

    def label(self, row: Alias) -> str:
        return describe_name(row)

    def save_model(self, request: HttpRequest, obj: Alias, form: Any, change: bool) -> None:
        merging.move([obj], obj.member, by=moderator_of(request), reason=form.cleaned_data["reason"])

    @action(_("split off: different person"))
    def split(self, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
        def perform(names: Sequence[Alias], wanted: Mapping[str, Any]) -> list[ModerationAction]:
            by = moderator_of(request)
            groups = groupby(names, key=lambda alias: alias.member_id)
            return [merging.split(list(group), by=by, reason=wanted["reason"]) for _member, group in groups]

        def make(names: Sequence[Alias]) -> Question:
            title = ngettext("Split off %(counter)s name?", "Split off %(counter)s names?", len(names)) % {
                "counter": len(names)
            }
            return Question(
                title=title,
                button=gettext("split off: different person"),
                explanation=gettext("Names of one member become a new member. They are never rejoined automatically."),
                perform=perform,
                describe=lambda alias: f"{describe_name(alias)} · {alias.member}",
            )

        return self.ask(request, queryset.order_by("member_id", "pk"), make)

    @action(_("not the person who opted out"), permission="opt_out")
    def exempt(self, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
        return self.ask(request, queryset.select_related("origin"), partial(ask_to_exempt, request, True))

    @action(_("remove the exemption"), permission="opt_out")
    def include(self, request: HttpRequest, queryset: QuerySet[Alias]) -> HttpResponse | None:
        return self.ask(request, queryset.select_related("origin"), partial(ask_to_exempt, request, False))


@admin.register(NameEvidence)
class NameEvidenceAdmin(ReadOnlyAdmin):
    list_display = ["day", "kind", "alias", "other", "count"]
    list_filter = ["kind"]
    list_select_related = ["day__room", "alias", "other"]
    ordering = ["-id"]
    search_fields = ["alias__name"]
    fields = ["day", "kind", "alias", "other", "count"]


def describe_member(member: Any) -> str:
    """Return a line about a member that was selected with the counts of the admin's list."""
    names = ngettext("%(counter)s name", "%(counter)s names", member.name_count) % {"counter": member.name_count}
    return f"{member} · {names} · {count_messages(member.message_count)} · {member.key}"


def describe_name(alias: Alias) -> str:
    return f"{alias} · {alias.room} · {count_messages(alias.message_count)}"
