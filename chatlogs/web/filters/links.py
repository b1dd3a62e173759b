"""Filters of shared links."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from chatlogs.queries.links import LinkCriteria
from chatlogs.web.filters.base import AddressedFilter, ListedRoomFilter, date_filter

LONGEST_HOST = 255

SORT_LABELS = {"newest": _("Newest first"), "shared": _("Most shared first")}


class LinkFilter(AddressedFilter):
    room = ListedRoomFilter()
    host = django_filters.CharFilter(label=_("Host"), max_length=LONGEST_HOST)
    since = date_filter(_("From"))
    until = date_filter(_("To"))
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=list(SORT_LABELS.items()), empty_label=None)

    @property
    def criteria(self) -> LinkCriteria:
        return LinkCriteria(**{**self.values, "host": self.values.get("host", "").lower()})
