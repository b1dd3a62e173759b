"""Filters whose whole state is in the address, with links to the same list with something more or less."""

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
    """A condition in words, and the query string of the same list without it. `name` is the field's."""

    label: str
    value: str
    rest: QueryDict
    name: str = ""


class AddressedFilter(django_filters.FilterSet):
    """Gives the values of its fields, and query strings with others. What they find is a matter of `queries`."""

    class Meta:
        model = Room
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> NoReturn:
        raise TypeError(f"{type(self).__name__} filters no queryset")

    @cached_property
    def values(self) -> dict[str, Any]:
        """The valid values of the fields, by name. Of fields that are not valid there are none."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def with_values(self, **values: str | None) -> QueryDict:
        """The query string of this list with other values of fields; None drops a field."""
        changed = QueryDict(mutable=True)
        changed.update({name: value for name, value in self.data.items() if name in self.filters and value})
        for name, value in values.items():
            changed.pop(name, None)
            if value:
                changed[name] = value
        return changed

    @property
    def canonical_query(self) -> str:
        """The one query string for all addresses of this list, "" without conditions: its fields in their order."""
        words = {name: value if isinstance(value, str) else self.data[name] for name, value in self.values.items()}
        return f"?{urlencode(words)}" if words else ""

    def chips_of_fields(self, but: Iterable[str]) -> Iterator[Chip]:
        """A chip for each value but those of these fields."""
        for name, value in self.values.items():
            if name not in but:
                label = str(self.form.fields[name].label)
                yield Chip(label, self.in_words(name, value), self.with_values(**{name: None}), name)

    def in_words(self, name: str, value: object) -> str:
        """A field's value as people read it."""
        return str(value)


class ListedRoomFilter(django_filters.TypedChoiceFilter):
    """One of the rooms in lists, by its slug. These are known already: the database is not asked for them again."""

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
    """Of these, and of one that is not in lists for who gives its slug."""

    def find_rooms(self) -> Sequence[Room]:
        return find_choices(self.parent.data.get("room", ""))
