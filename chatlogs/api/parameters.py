"""The parameters of the API, read and described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from chatlogs.queries.pagination import PAGE_SIZE
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.search.syntax import OPERATORS

LARGEST_PAGE = 100
KEY = "^[0-9]{8}-[0-9a-f]{12}$"

DESCRIPTIONS = {
    "q": (
        'What to look for: words, "exact words", -without, and operators as in the search box of the site: '
        f"{', '.join(f'{operator}:' for operator in OPERATORS if operator.isascii())}. All must be fulfilled."
    ),
    "room": "The slug of a room.",
    "sender": "A part of the sender's name.",
    "mentions": "A part of a name that is mentioned, or of any name of who is meant; or the key of a member.",
    "has": "Messages with a link, or with a picture.",
    "since": "The first date, as the room's own calendar has it.",
    "until": "The last date.",
    "sort": "`oldest` for the oldest first; without it, the newest come first.",
    "member": "The key of a member: all that this person said, under whatever name.",
    **{name: attribute.description for name, attribute in ATTRIBUTES.items()},
}
# Where a name means something else than it does of messages.
OF_MEMBERS = {
    **DESCRIPTIONS,
    "q": "A part of any of the member's names.",
    "room": "The slug of a room: members with messages in it, and their figures in it alone.",
    "company": "The company, as `company` tells it.",
    "role": "The role, as `role` tells it.",
    "city": "The city, as `city` tells it.",
    "first_since": "The first date of `first_seen`.",
    "first_until": "The last date of `first_seen`.",
    "last_since": "The first date of `last_seen`.",
    "last_until": "The last date of `last_seen`.",
    "messages": "The least number of messages.",
    "silent": "For how many days at least nothing was said, up to the newest day with messages (of the room, if any).",
    "sort": "`messages` for the most active first, as without it; `name` for the order of pinyin; or `last_seen`.",
}

Filters = TypeVar("Filters", bound=django_filters.FilterSet)


class PageSizeSerializer(serializers.Serializer[Any]):
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)


class CursorSerializer(PageSizeSerializer):
    older = serializers.RegexField(
        KEY, required=False, help_text="The key of a message: the page of those just older. As in `next`."
    )
    newer = serializers.RegexField(
        KEY, required=False, help_text="The key of a message: the page of those just newer. Wins over `older`."
    )


class SearchSerializer(CursorSerializer):
    facets = serializers.BooleanField(
        default=False, help_text="Whether to count by room, month, member and attributes (such as kind) as well."
    )


def read_filters(filterset_class: type[Filters], request: Request, queryset: QuerySet[Any] | None = None) -> Filters:
    """The valid filters, or a ValidationError with what the form says, by field."""
    filters: Filters = filterset_class(request.query_params, queryset, request=request)
    if not filters.is_valid():
        raise ValidationError({name: list(errors) for name, errors in filters.errors.items()})
    return filters


def read_parameters(serializer_class: type[serializers.Serializer[Any]], request: Request) -> Mapping[str, Any]:
    serializer = serializer_class(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    values: Mapping[str, Any] = serializer.validated_data
    return values


def names_of(*of: type[django_filters.FilterSet] | type[serializers.Serializer[Any]]) -> frozenset[str]:
    """Of the filters, or of the serializers' fields."""
    return frozenset(name for one in of for name in getattr(one, "base_filters", None) or one().get_fields())


def describe_filters(
    filterset_class: type[django_filters.FilterSet], descriptions: Mapping[str, str] = DESCRIPTIONS
) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, _type_of(one), description=descriptions[name])
        for name, one in filterset_class.base_filters.items()
    ]


def _type_of(one: django_filters.Filter) -> dict[str, Any]:
    """As far as it is the same in every archive."""
    described: dict[str, Any] = {"type": "string"}
    if isinstance(one, django_filters.DateFilter):
        described["format"] = "date"
    if one.field_class is forms.IntegerField:
        described |= {"type": "integer", "minimum": one.extra["min_value"], "maximum": one.extra["max_value"]}
    if "max_length" in one.extra:
        described["maxLength"] = one.extra["max_length"]
    if "choices" in one.extra:
        described["enum"] = [value for value, _ in one.extra["choices"]]
    return described
