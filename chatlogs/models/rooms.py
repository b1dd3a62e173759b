"""Rooms, which of them the audience may read, and querysets restricted to those.

If all rooms are public, queries get no condition, so that their plans stay the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chatlogs.models.audience import cached_per_request, current_audience

Row = TypeVar("Row", bound=models.Model, covariant=True)


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """The IDs of rooms that are closed to the audience, unlisted, or listed.

    `rooms` maps the ID of each accessible room to the room, in their order.
    """

    closed: frozenset[int]
    unlisted: frozenset[int]
    listed: frozenset[int]
    rooms: Mapping[int, Room]

    @property
    def is_all_listed(self) -> bool:
        return not self.closed and not self.unlisted


@cached_per_request
def get_room_access() -> RoomAccess:
    """Return the access of the audience, with one query for all rooms."""
    audience = current_audience()
    closed, unlisted, listed, rooms = set(), set(), set(), {}
    for room in Room.objects.all():
        is_open = room.visibility == room.Visibility.PRIVATE and audience.may_enter_private(room.reader_group_id)
        if is_open or room.visibility == room.Visibility.PUBLIC:
            listed.add(room.pk)
        elif room.visibility == room.Visibility.UNLISTED:
            unlisted.add(room.pk)
        else:
            closed.add(room.pk)
            continue
        rooms[room.pk] = room
    return RoomAccess(frozenset(closed), frozenset(unlisted), frozenset(listed), rooms)


class RoomScopedQuerySet(models.QuerySet[Row]):
    """A queryset of rows that belong to a room; `room_path` is the lookup path to it."""

    room_path = "room"

    def accessible(self) -> Self:
        return self._outside(get_room_access().closed)

    def in_listed_rooms(self) -> Self:
        access = get_room_access()
        return self._outside(access.closed | access.unlisted)

    def _outside(self, rooms: frozenset[int]) -> Self:
        return self.exclude(**{f"{self.room_path}__in": sorted(rooms)}) if rooms else self.all()


def default_time_zone() -> str:
    return str(settings.TIME_ZONE)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


class RoomQuerySet(RoomScopedQuerySet["Room"]):
    room_path = "pk"

    def visible(self) -> RoomQuerySet:
        """Return public and unlisted rooms, and the private ones that the audience may read."""
        return self.accessible()

    def listed(self) -> RoomQuerySet:
        """Return the visible rooms without the unlisted ones."""
        return self.in_listed_rooms()

    def open_to_robots(self) -> RoomQuerySet:
        return self.filter(visibility=Room.Visibility.PUBLIC, is_indexable=True)


def default_masked_kinds() -> list[str]:
    """Return the kinds that new rooms mask automatically: those with few false matches."""
    return ["phone", "email", "id_number", "bank_card"]


class Room(models.Model):
    """A chat group. Its slug is the name of its folder of transcripts, and part of addresses.

    `masked_kinds` are the kinds of personal data (`PersonalDataMatch.Kind`) that are masked until a moderator
    releases them.
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        UNLISTED = "unlisted", _("unlisted: only by its address")
        PRIVATE = "private", _("private: for a group of signed-in readers")
        HIDDEN = "hidden", _("hidden from everybody")

    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    time_zone = models.CharField(
        _("time zone"), max_length=60, default=default_time_zone, validators=[validate_time_zone]
    )
    exporter = models.ForeignKey(
        "Member",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="exported_rooms",
        verbose_name=_("exporter"),
        help_text=_("The person who exported the transcripts, called 我 in them."),
    )
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    reader_group = models.ForeignKey(
        "auth.Group",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reader group"),
        help_text=_("Members of this group may read the room while it is private."),
    )
    is_indexable = models.BooleanField(
        _("open to search engines"), default=False, help_text=_("Only while the room is public.")
    )
    masked_kinds = models.JSONField(
        _("masked automatically"), default=default_masked_kinds, blank=True, help_text=_("Kinds of personal data.")
    )

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("room", args=[self.slug])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_unlisted(self) -> bool:
        """Whether names in it are not linked to members' pages."""
        return self.visibility == self.Visibility.UNLISTED

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def is_open_to_robots(self) -> bool:
        return self.is_indexable and self.is_public
