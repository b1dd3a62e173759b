"""Filters of statistics."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from chatlogs.web.filters.base import AddressedFilter, RoomFilter
from chatlogs.web.filters.members import number_filter

LAST_YEAR = 9999


class FigureFilter(AddressedFilter):
    room = RoomFilter()
    year: django_filters.Filter = number_filter(_("Year"), LAST_YEAR)
