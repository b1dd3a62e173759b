"""Serializers of rooms, days, members and messages. They contain nothing that the pages do not show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chatlogs.api.facets import FacetsSerializer
from chatlogs.api.fields import LocalTimeField, NameField
from chatlogs.models import Alias, Day, Member, Message, Room


class RoomSerializer(serializers.Serializer[Room]):
    slug = serializers.CharField()
    title = serializers.CharField(source="__str__")
    description = serializers.CharField(help_text="Markdown.")
    time_zone = serializers.CharField(help_text="Of all dates and times of the room.")
    url = serializers.HyperlinkedIdentityField("room", lookup_field="slug")
    message_count = serializers.IntegerField()
    day_count = serializers.IntegerField(help_text="Days with messages.")
    first_date = serializers.DateField(allow_null=True)
    last_date = serializers.DateField(allow_null=True)


class RoomsSerializer(serializers.Serializer[Any]):
    results = RoomSerializer(many=True)


class SenderSerializer(serializers.Serializer[Alias]):
    name = NameField(allow_null=True, help_text="The name used in this room; null for an unknown member.")
    member = serializers.CharField(
        source="listed_member.key", allow_null=True, help_text="The key of the member; null in unlisted rooms."
    )


class DaySerializer(serializers.Serializer[Day]):
    room = serializers.CharField(source="room.slug", help_text="The slug of the room.")
    date = serializers.DateField()
    url = serializers.SerializerMethodField()
    message_count = serializers.IntegerField()
    member_count = serializers.IntegerField(help_text="Members who wrote.")
    speaker = SenderSerializer(source="visible_speaker", allow_null=True, help_text="Who gave the talk of the day.")

    @extend_schema_field(serializers.URLField)
    def get_url(self, day: Day) -> str:
        return str(self.context["request"].build_absolute_uri(day.get_absolute_url()))


class MemberSerializer(serializers.Serializer[Member]):
    key = serializers.CharField()
    name = NameField(source="called", allow_null=True, help_text="Null for an unknown member.")
    url = serializers.HyperlinkedIdentityField("member", lookup_field="key")
    company = NameField(source="known_company", allow_null=True, help_text="Null where it is not known.")
    role = NameField(source="known_role", allow_null=True, help_text="Null where it is not known.")
    city = NameField(source="known_city", allow_null=True, help_text="Null where it is not known.")
    message_count = serializers.IntegerField()
    first_seen = serializers.DateField(allow_null=True)
    last_seen = serializers.DateField(allow_null=True)


class AliasSerializer(serializers.Serializer[Alias]):
    name = NameField(allow_null=True, help_text="Null for an unknown member.")
    room = serializers.CharField(source="room.slug", help_text="The slug of the room.")
    message_count = serializers.IntegerField()
    first_seen = serializers.DateField(allow_null=True)
    last_seen = serializers.DateField(allow_null=True)


class MemberDetailSerializer(MemberSerializer):
    names = AliasSerializer(many=True, help_text="The names used, latest first.")


class MessageSerializer(serializers.Serializer[Message]):
    key = serializers.CharField()
    url = serializers.HyperlinkedIdentityField(
        "message", lookup_field="key", help_text="The permanent address, to cite."
    )
    room = serializers.CharField(source="day.room.slug", help_text="The slug of the room.")
    date = serializers.DateField(source="day.date", help_text="In the room's time zone.")
    time = LocalTimeField(help_text="In the room's time zone.")
    sent_at = serializers.DateTimeField(default_timezone=dt.UTC, help_text="In UTC.")
    sender = SenderSerializer(source="alias", allow_null=True, help_text="Null where the transcript names nobody.")
    kind = serializers.ChoiceField(choices=Message.Kind.values)
    text = serializers.CharField(help_text="The message; the title of a link, the name of a file.")
    link = serializers.CharField(source="link.url", allow_null=True, help_text="The address of a shared page.")
    image = serializers.CharField(
        source="image.url", allow_null=True, help_text="Where a picture was published once; most are gone."
    )


class DayMessageSerializer(MessageSerializer):
    """A message in a file of one day, which names the room and the date once."""

    room = date = None  # type: ignore[assignment]


class MessagesSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page.")
    previous = serializers.URLField(allow_null=True)
    results = MessageSerializer(many=True)


class FoundSerializer(MessagesSerializer):
    count = serializers.IntegerField(help_text="How many messages were found.")
    is_capped = serializers.BooleanField(help_text="Whether there are more than `count`.")
    is_index_complete = serializers.BooleanField(
        help_text="False while the search index is being built and results are incomplete."
    )
    facets = FacetsSerializer(allow_null=True, help_text="Null if not requested, or if there is too much to count.")
