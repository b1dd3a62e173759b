"""The counts by which a search can be narrowed, as data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from chatlogs.api.fields import NameField
from chatlogs.queries.facets import Facets, MonthCount, YearCount
from chatlogs.search.attributes import ATTRIBUTES, Attribute


class RoomCountSerializer(serializers.Serializer[Any]):
    room = serializers.CharField(source="of.slug", help_text="The slug of the room.")
    count = serializers.IntegerField()


class MonthCountSerializer(serializers.Serializer[MonthCount]):
    month = serializers.DateField(source="first", help_text="Its first day.")
    count = serializers.IntegerField()


class YearCountSerializer(serializers.Serializer[YearCount]):
    year = serializers.IntegerField(source="number")
    count = serializers.IntegerField()
    months = MonthCountSerializer(many=True)


class MemberCountSerializer(serializers.Serializer[Any]):
    member = serializers.CharField(source="of.key", help_text="The key of the member.")
    name = NameField(source="of.called", allow_null=True, help_text="Null for an unknown member.")
    count = serializers.IntegerField()


def make_attribute_serializer(attribute: Attribute) -> serializers.Serializer[Any]:
    """Return the serializer of a list of, for example, `{"kind": "text", "count": 121}`."""
    field: serializers.Field[Any, Any, Any, Any] = serializers.CharField(source="value")
    if attribute.choices:
        field = serializers.ChoiceField(source="value", choices=list(attribute.choices))
    fields = {attribute.name: field, "count": serializers.IntegerField()}
    serializer: type[serializers.Serializer[Any]] = type(
        f"{attribute.name.title()}CountSerializer", (serializers.Serializer,), fields
    )
    return serializer(many=True)


class FacetsSerializer(serializers.Serializer[Any]):
    rooms = RoomCountSerializer(many=True)
    years = YearCountSerializer(many=True, help_text="The newest first.")
    members = MemberCountSerializer(many=True, help_text="The most active of the newest messages.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        attributes = {attribute.plural: make_attribute_serializer(attribute) for attribute in ATTRIBUTES.values()}
        return super().get_fields() | attributes


def as_data(facets: Facets) -> dict[str, Any]:
    """What the serializer takes."""
    values = {counts.attribute.name: counts.values for counts in facets.attributes}
    return {
        "rooms": [{"of": room, "count": count} for room, count in facets.rooms],
        "years": facets.years,
        "members": [{"of": member, "count": count} for member, count in facets.members],
        **{attribute.plural: values.get(attribute.name, []) for attribute in ATTRIBUTES.values()},
    }
