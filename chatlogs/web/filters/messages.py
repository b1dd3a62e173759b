"""Filters of messages: each is a form field, a query parameter, and an operator of the search box."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, reduce

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chatlogs.models import Member, Message
from chatlogs.queries.members import find_alias_ids, find_alias_ids_of
from chatlogs.queries.mentions import find_mentioned_ids, find_mentioned_ids_of
from chatlogs.queries.rooms import find_room_ids
from chatlogs.search.attributes import ATTRIBUTES, Attribute
from chatlogs.search.conditions import Conditions
from chatlogs.search.dates import Dates, read_dates
from chatlogs.search.syntax import Operator, Query, parse
from chatlogs.web.filters.base import LONGEST_TEXT, AddressedFilter, Chip, DateInput, RoomFilter

MEMBER_KEY = re.compile("[0-9a-f]{16}")
MOST_ITEMS = 10

OPERATOR_LABELS: dict[str, object] = {
    Operator.FROM: _("Name contains"),
    Operator.ROOM: _("Room"),
    Operator.MENTIONS: _("Mentions"),
    Operator.BEFORE: _("Before"),
    Operator.AFTER: _("From"),
    Operator.ON: _("On"),
    Operator.HAS: _("Has"),
}
HAS_LABELS = {"link": _("a link"), "image": _("a picture")}
SORT_LABELS = {"newest": _("Newest first"), "oldest": _("Oldest first")}


class SearchInput(forms.TextInput):
    input_type = "search"


def validate_number_of_items(typed: str) -> None:
    if len(parse(typed).items) > MOST_ITEMS:
        raise ValidationError(_("At most %(most)s words and operators."), params={"most": MOST_ITEMS})


def find_listed_members(request: object) -> QuerySet[Member]:
    return Member.objects.listed()


def make_attribute_filter(attribute: Attribute) -> django_filters.Filter:
    label = translation.gettext_lazy(attribute.label)
    if not attribute.choices:
        return django_filters.CharFilter(label=label, max_length=LONGEST_TEXT)
    choices = [(value, translation.gettext_lazy(text)) for value, text in attribute.choices.items()]
    return django_filters.ChoiceFilter(
        label=label, choices=choices, empty_label=translation.gettext_lazy(attribute.no_choice)
    )


class MessageFilter(AddressedFilter):
    """Builds `conditions` for the search index. A filter given twice applies twice."""

    q = django_filters.CharFilter(
        label=_("Search"),
        max_length=LONGEST_TEXT,
        validators=[validate_number_of_items],
        widget=SearchInput(attrs={"enterkeyhint": "search", "autocapitalize": "off", "spellcheck": "false"}),
    )
    room = RoomFilter()
    sender = django_filters.CharFilter(label=_("Name contains"), max_length=LONGEST_TEXT)
    mentions = django_filters.CharFilter(label=_("Mentions"), max_length=LONGEST_TEXT)
    has = django_filters.ChoiceFilter(label=_("Has"), choices=list(HAS_LABELS.items()), empty_label=_("Anything"))
    since = django_filters.DateFilter(label=_("From"), widget=DateInput)
    until = django_filters.DateFilter(label=_("To"), widget=DateInput)
    sort = django_filters.ChoiceFilter(
        label=_("Order"), choices=[("oldest", SORT_LABELS["oldest"])], empty_label=SORT_LABELS["newest"]
    )
    member = django_filters.ModelChoiceFilter(
        label=_("Member"), queryset=find_listed_members, to_field_name="key", widget=forms.HiddenInput
    )

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Return the declared fields, with those of attributes before `has`."""
        declared = list(super().get_filters().items())
        place = [name for name, _filter in declared].index("has")
        attributes = [(name, make_attribute_filter(attribute)) for name, attribute in ATTRIBUTES.items()]
        return dict([*declared[:place], *attributes, *declared[place:]])

    @cached_property
    def query(self) -> Query:
        return parse(self.values.get("q", ""), lambda name: bool(find_room_ids(name)))

    @property
    def is_oldest_first(self) -> bool:
        return self.values.get("sort") == "oldest"

    @cached_property
    def conditions(self) -> Conditions:
        has = {self.values.get("has"), *self.query.values(Operator.HAS)}
        dates = [Dates(*days) for days in self._spans()]
        return Conditions(
            wanted=self.query.wanted,
            unwanted=self.query.unwanted,
            rooms=_common(self._rooms()),
            aliases=_common(self._aliases()),
            mentioned=tuple(self._mentioned()),
            attributes=frozenset(self._attributes(has)),
            has_link="link" in has,
            since=max((days.first for days in dates if days.first > dt.date.min), default=None),
            until=min((days.last for days in dates if days.last < dt.date.max), default=None),
        )

    def _rooms(self) -> Iterator[frozenset[int]]:
        if room := self.values.get("room"):
            yield frozenset({room.pk})
        yield from map(find_room_ids, self.query.values(Operator.ROOM))

    def _aliases(self) -> Iterator[frozenset[int]]:
        if member := self.values.get("member"):
            yield find_alias_ids_of(member)
        if sender := self.values.get("sender"):
            yield find_alias_ids(sender)
        yield from map(find_alias_ids, self.query.values(Operator.FROM))

    def _attributes(self, has: set[str | None]) -> Iterator[tuple[str, str]]:
        for name in ATTRIBUTES:
            given = [self.values.get(name, ""), *self.query.values(name)]
            yield from ((name, value) for value in given if value)
        if "image" in has:
            yield "kind", Message.Kind.IMAGE.value

    def _mentioned(self) -> Iterator[frozenset[int]]:
        if self.mentioned_member:
            yield find_mentioned_ids_of(self.mentioned_member)
        elif name := self.values.get("mentions"):
            yield find_mentioned_ids(name)
        yield from map(find_mentioned_ids, self.query.values(Operator.MENTIONS))

    @property
    def attributes(self) -> Iterable[Attribute]:
        """The attributes, for the help text of the search box."""
        return ATTRIBUTES.values()

    @property
    def hidden_fields(self) -> list[str]:
        """The fields that the form hides because they contain a member's key."""
        return ["mentions"] if self.mentioned_member else []

    @cached_property
    def mentioned_member(self) -> Member | None:
        """The member to be mentioned, if the parameter is a member's key instead of a name."""
        key = self.values.get("mentions", "")
        return find_listed_members(None).filter(key=key).first() if MEMBER_KEY.fullmatch(key) else None

    def _spans(self) -> Iterator[tuple[dt.date, dt.date]]:
        yield self.values.get("since", dt.date.min), self.values.get("until", dt.date.max)
        for typed in self.query.values(Operator.ON):
            yield _read(typed)
        for typed in self.query.values(Operator.AFTER):
            yield _read(typed).first, dt.date.max
        for typed in self.query.values(Operator.BEFORE):
            yield dt.date.min, _read(typed).first - dt.timedelta(days=1)

    @cached_property
    def chips(self) -> list[Chip]:
        chips = []
        for place, item in enumerate(self.query.items):
            label = str(_("Without") if item.is_excluded else _("Word"))
            value = _attribute_in_words(item.operator or "", item.value)
            if item.operator in ATTRIBUTES:
                label = translation.gettext(ATTRIBUTES[item.operator].label)
            elif item.operator:
                label = str(OPERATOR_LABELS[item.operator])
            if item.operator == Operator.HAS:
                value = str(HAS_LABELS[item.value])
            chips.append(Chip(label, value, self.with_values(q=self.query.without(place))))
        return [*chips, *self.chips_of_fields(but=("q", "sort"))]

    @property
    def misread(self) -> list[str]:
        """The words that look like operators but are not."""
        return [item.typed for item in self.query.items if item.is_misread]

    def within(self, first: dt.date, last: dt.date) -> QueryDict:
        """Return the query string of this search, narrowed to a range of dates."""
        since, until = self.values.get("since", dt.date.min), self.values.get("until", dt.date.max)
        return self.with_values(since=max(first, since).isoformat(), until=min(last, until).isoformat())

    def in_words(self, name: str, value: object) -> str:
        if name == "mentions" and self.mentioned_member:
            return str(self.mentioned_member)
        return str(HAS_LABELS.get(str(value), value)) if name == "has" else _attribute_in_words(name, str(value))


def _common(sets: Iterator[frozenset[int]]) -> frozenset[int] | None:
    """Return the intersection of the sets, or None without any."""
    given = list(sets)
    return reduce(frozenset.intersection, given) if given else None


def _read(typed: str) -> Dates:
    dates = read_dates(typed)
    assert dates, "the syntax accepts dates only"
    return dates


def _attribute_in_words(name: str, value: str) -> str:
    label = ATTRIBUTES[name].choices.get(value) if name in ATTRIBUTES else None
    return translation.gettext(label) if label else value
