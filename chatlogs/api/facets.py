"""The counts by which a search can be narrowed, as data."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from chatlogs.api.fields import NameField
from chatlogs.models import Message
from chatlogs.queries.facets import Facets, MonthCount, YearCount


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


class KindCountSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(source="of", choices=Message.Kind.values)
    count = serializers.IntegerField()


class MemberCountSerializer(serializers.Serializer[Any]):
    member = serializers.CharField(source="of.key", help_text="The key of the member.")
    name = NameField(source="of.called", allow_null=True, help_text="Null for an unknown member.")
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    rooms = RoomCountSerializer(many=True)
    years = YearCountSerializer(many=True, help_text="The newest first.")
    kinds = KindCountSerializer(many=True)
    members = MemberCountSerializer(many=True, help_text="The most active of the newest messages.")


def as_data(facets: Facets) -> dict[str, Any]:
    """What the serializer takes."""
    return {
        "rooms": [{"of": room, "count": count} for room, count in facets.rooms],
        "years": facets.years,
        "kinds": [{"of": kind, "count": count} for kind, count in facets.kinds],
        "members": [{"of": member, "count": count} for member, count in facets.members],
    }
