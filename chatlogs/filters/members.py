"""The filters over members."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NoReturn

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chatlogs.filters.messages import LONGEST_TEXT, Chip, DateInput
from chatlogs.filters.rooms import find_visible_rooms
from chatlogs.models import Member
from chatlogs.queries.member_directory import Wanted

# No part of a name is longer than a name.
LONGEST_PART = 500
MOST_MESSAGES = 1_000_000_000
MOST_DAYS = 36_500

SORT_LABELS = {"messages": _("Most messages first"), "name": _("By name"), "last_seen": _("Last seen first")}


class NumberFilter(django_filters.Filter):
    """Of whole numbers; django-filter's own takes 1.5, too."""

    field_class = forms.IntegerField


def part_filter(label: object) -> django_filters.CharFilter:
    """The very words, which are chosen from a facet and not typed."""
    return django_filters.CharFilter(label=label, max_length=LONGEST_PART, strip=False, widget=forms.HiddenInput)


def date_filter(label: object) -> django_filters.DateFilter:
    return django_filters.DateFilter(label=label, widget=DateInput)


def number_filter(label: object, most: int) -> NumberFilter:
    return NumberFilter(label=label, min_value=1, max_value=most)


class MemberFilter(django_filters.FilterSet):
    """Gives `wanted`, which the directory is asked."""

    q = django_filters.CharFilter(label=_("Name contains"), max_length=LONGEST_TEXT)
    room = django_filters.ModelChoiceFilter(
        label=_("Room"), queryset=find_visible_rooms, to_field_name="slug", empty_label=_("All rooms")
    )
    company = part_filter(_("Company"))
    role = part_filter(_("Role"))
    city = part_filter(_("City"))
    first_since = date_filter(_("First seen from"))
    first_until = date_filter(_("First seen to"))
    last_since = date_filter(_("Last seen from"))
    last_until = date_filter(_("Last seen to"))
    messages = number_filter(_("Messages, at least"), MOST_MESSAGES)
    silent = number_filter(_("Days of silence, at least"), MOST_DAYS)
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=list(SORT_LABELS.items()), empty_label=None)

    class Meta:
        model = Member
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Member]) -> NoReturn:
        raise TypeError("MemberFilter finds by the directory: see `wanted`")

    @cached_property
    def values(self) -> dict[str, Any]:
        """The valid values of the fields, by name. Of fields that are not valid there are none."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.values)

    # The same list with something more or less

    @cached_property
    def chips(self) -> dict[str, Chip]:
        """By the fields' names."""
        return {
            name: Chip(str(self.form.fields[name].label), str(value), self.with_values(**{name: None}))
            for name, value in self.values.items()
            if name != "sort"
        }

    def with_values(self, **values: str | None) -> QueryDict:
        """The query string of this list with other values of fields; None drops a field."""
        changed = QueryDict(mutable=True)
        changed.update({name: value for name, value in self.data.items() if name in self.filters and value})
        for name, value in values.items():
            changed.pop(name, None)
            if value:
                changed[name] = value
        return changed
