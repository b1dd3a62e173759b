"""Calendar days of a room."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chatlogs.models.people import Alias
from chatlogs.models.rooms import Room, RoomScopedQuerySet


class DayQuerySet(RoomScopedQuerySet["Day"]):
    def visible(self) -> DayQuerySet:
        """Return days of rooms that the audience may read."""
        return self.accessible()

    def listed(self) -> DayQuerySet:
        """Return days of rooms that are listed for the audience."""
        return self.in_listed_rooms()

    def in_room(self, room: Room) -> DayQuerySet:
        return self.filter(room=room)

    def with_messages(self) -> DayQuerySet:
        return self.filter(message_count__gt=0)


class Day(models.Model):
    """A room's calendar day, in the room's time zone.

    The counters count what readers see. `revision` rises with every change of that.
    """

    room = models.ForeignKey(Room, models.PROTECT, related_name="days", db_index=False, verbose_name=_("room"))
    date = models.DateField(_("date"), db_index=True)
    speaker = models.ForeignKey(
        "Alias",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="days_as_speaker",
        verbose_name=_("speaker"),
        help_text=_("The person who gave that day's talk."),
    )
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    member_count = models.PositiveIntegerField(_("speaking members"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    has_mentions_resolved = models.BooleanField(_("mentions are resolved"), default=False, editable=False)
    is_hidden = models.BooleanField(
        _("hidden"), default=False, editable=False, help_text=_("New messages of this day are hidden, too.")
    )

    objects = DayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["room", "date"]
        constraints = [
            models.UniqueConstraint(fields=["room", "date"], name="day_is_one_of_its_room"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.date}"

    def get_absolute_url(self) -> str:
        return reverse("day", args=[self.room.slug, self.date])

    @property
    def visible_speaker(self) -> Alias | None:
        """The speaker, if readers may read anything under that name."""
        return self.speaker if self.speaker and self.speaker.message_count else None
