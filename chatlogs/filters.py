"""The one set of filters over messages: each is a form field and a parameter of the address."""

from __future__ import annotations

import datetime as dt

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Alias, Day, Message, Room
from chatlogs.models.archive import SEQUENCE_BITS, MessageQuerySet

# SQLite refuses patterns over 50,000 bytes; nobody's name is that long.
LONGEST_TEXT = 100

# No local date lies further than this from the same date in UTC.
WIDEST_OFFSET = dt.timedelta(hours=15)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MessageFilter(django_filters.FilterSet):
    room = django_filters.ModelChoiceFilter(
        label=_("Room"),
        queryset=lambda request: Room.objects.visible(),
        to_field_name="slug",
        empty_label=_("All rooms"),
    )
    sender = django_filters.CharFilter(label=_("Name contains"), method="filter_sender", max_length=LONGEST_TEXT)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Message.Kind.choices, empty_label=_("All kinds"))
    since = django_filters.DateFilter(label=_("From"), method="filter_since", widget=DateInput)
    until = django_filters.DateFilter(label=_("To"), method="filter_until", widget=DateInput)

    class Meta:
        model = Message
        fields: list[str] = []

    # Names and days are looked up first, in their small tables, and messages then by their indexes:
    # joined, both databases would now and then read through all messages.

    def filter_sender(self, messages: MessageQuerySet, name: str, value: str) -> MessageQuerySet:
        return messages.filter(alias__in=Alias.objects.filter(name__icontains=value))

    def filter_since(self, messages: MessageQuerySet, name: str, date: dt.date) -> MessageQuerySet:
        # The position only lets the index skip what cannot match; the day decides.
        days = Day.objects.filter(date__gte=date)
        return messages.filter(day__in=days, position__gte=_position(date, -WIDEST_OFFSET))

    def filter_until(self, messages: MessageQuerySet, name: str, date: dt.date) -> MessageQuerySet:
        after = WIDEST_OFFSET + dt.timedelta(days=1)
        days = Day.objects.filter(date__lte=date)
        return messages.filter(day__in=days, position__lt=_position(date, after))


def _position(date: dt.date, offset: dt.timedelta) -> int:
    """The position of a date's beginning in UTC, moved by the offset."""
    since_1970 = (date - dt.date(1970, 1, 1)) + offset
    return int(since_1970.total_seconds()) << SEQUENCE_BITS
