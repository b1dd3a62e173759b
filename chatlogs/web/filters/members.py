"""Filters of members."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from chatlogs.queries.member_directory import MemberCriteria
from chatlogs.web.filters.base import LONGEST_TEXT, AddressedFilter, ListedRoomFilter, date_filter

# The length of a name.
LONGEST_PART = 500
MOST_MESSAGES = 1_000_000_000
MOST_DAYS = 36_500

SORT_LABELS = {"messages": _("Most messages first"), "name": _("By name"), "last_seen": _("Last seen first")}


class NumberFilter(django_filters.Filter):
    """A whole number; django-filter's own accepts 1.5."""

    field_class = forms.IntegerField


def part_filter(label: object) -> django_filters.CharFilter:
    """Return a filter of an exact value, chosen from a facet and not typed."""
    return django_filters.CharFilter(label=label, max_length=LONGEST_PART, strip=False, widget=forms.HiddenInput)


def number_filter(label: object, most: int) -> NumberFilter:
    return NumberFilter(label=label, min_value=1, max_value=most)


class MemberFilter(AddressedFilter):
    q = django_filters.CharFilter(label=_("Name contains"), max_length=LONGEST_TEXT)
    room = ListedRoomFilter()
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

    @property
    def criteria(self) -> MemberCriteria:
        return MemberCriteria(**self.values)
