"""Base classes of filters, which are stored in the query string."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Room
from chatlogs.queries.rooms import find_choices

LONGEST_TEXT = 100


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def date_filter(label: object) -> django_filters.DateFilter:
    return django_filters.DateFilter(label=label, widget=DateInput)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter as text; `rest` is the query string without it, `name` its field."""

    label: str
    value: str
    rest: QueryDict
    name: str = ""


class AddressedFilter(django_filters.FilterSet):
    """Validates fields and builds query strings. The filtering itself is done in `queries`."""

    class Meta:
        model = Room
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> NoReturn:
        raise TypeError(f"{type(self).__name__} filters no queryset")

    @cached_property
    def values(self) -> dict[str, Any]:
        """The valid values by field name."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def with_values(self, **values: str | None) -> QueryDict:
        """Return the query string with other values; None removes a field."""
        changed = QueryDict(mutable=True)
        changed.update({name: value for name, value in self.data.items() if name in self.filters and value})
        for name, value in values.items():
            changed.pop(name, None)
            if value:
                changed[name] = value
        return changed

    @property
    def canonical_query(self) -> str:
        """The canonical query string, with fields in a fixed order; "" without filters."""
        words = {name: value if isinstance(value, str) else self.data[name] for name, value in self.values.items()}
        return f"?{urlencode(words)}" if words else ""

    @cached_property
    def chips(self) -> list[Chip]:
        return list(self.chips_of_fields(but=("sort",)))

    def chips_of_fields(self, but: Iterable[str]) -> Iterator[Chip]:
        """Yield a chip for each value, except of these fields."""
        for name, value in self.values.items():
            if name not in but:
                label = str(self.form.fields[name].label)
                yield Chip(label, self.in_words(name, value), self.with_values(**{name: None}), name)

    def in_words(self, name: str, value: object) -> str:
        """Return the label of a field's value."""
        return str(value)


class ListedRoomFilter(django_filters.TypedChoiceFilter):
    """A listed room by slug. Choices come from the cached room access, without a query."""

    def __init__(self) -> None:
        super().__init__(label=_("Room"), empty_value=None)

    @property
    def field(self) -> forms.Field:
        rooms = {room.slug: room for room in self.find_rooms()}
        names = [(slug, str(room)) for slug, room in rooms.items()]
        self.extra |= {"choices": [("", _("All rooms")), *names], "coerce": rooms.__getitem__}
        field: forms.Field = super().field
        return field

    def find_rooms(self) -> Sequence[Room]:
        return find_choices()


class RoomFilter(ListedRoomFilter):
    """A listed room, or an unlisted one whose slug was given."""

    def find_rooms(self) -> Sequence[Room]:
        return find_choices(self.parent.data.get("room", ""))
