"""Filters of pictures."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from chatlogs.queries.images import PictureCriteria
from chatlogs.web.filters.base import AddressedFilter, ListedRoomFilter, date_filter

SHOW_LABELS = {"here": _("Only available ones")}


class ImageFilter(AddressedFilter):
    room = ListedRoomFilter()
    since = date_filter(_("From"))
    until = date_filter(_("To"))
    show = django_filters.ChoiceFilter(
        label=_("Pictures"), choices=list(SHOW_LABELS.items()), empty_label=_("All pictures")
    )

    @property
    def criteria(self) -> PictureCriteria:
        return PictureCriteria(**self.values)

    def in_words(self, name: str, value: object) -> str:
        return str(SHOW_LABELS[str(value)] if name == "show" else value)
