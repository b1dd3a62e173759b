"""The filters over pictures."""

from __future__ import annotations

from functools import cached_property
from typing import NoReturn

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Image
from chatlogs.queries.images import Wanted
from chatlogs.web.filters.base import AddressedFilter, Chip, ListedRoomFilter, date_filter

SHOW_LABELS = {"here": _("Only those still here")}


class ImageFilter(AddressedFilter):
    """Gives `wanted`, which the gallery is asked."""

    room = ListedRoomFilter()
    since = date_filter(_("From"))
    until = date_filter(_("To"))
    show = django_filters.ChoiceFilter(
        label=_("Pictures"), choices=list(SHOW_LABELS.items()), empty_label=_("All pictures")
    )

    class Meta:
        model = Image
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Image]) -> NoReturn:
        raise TypeError("ImageFilter finds messages: see `wanted`")

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.values)

    @cached_property
    def chips(self) -> list[Chip]:
        return list(self.chips_of_fields(but=()))

    def in_words(self, name: str, value: object) -> str:
        return str(SHOW_LABELS[str(value)] if name == "show" else value)
