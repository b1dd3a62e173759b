"""Messages, links and images, as readers see them."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chatlogs.models.archive import SEQUENCE_BITS
from chatlogs.models.days import Day
from chatlogs.models.rooms import Room, RoomScopedQuerySet, Row


class MessageQuerySet(RoomScopedQuerySet["Message"]):
    def shown(self) -> MessageQuerySet:
        """Return the messages that are counted and indexed, whoever reads."""
        return self.filter(SHOWN)

    def visible(self) -> MessageQuerySet:
        """Return the messages that the audience may read. Pages, feeds, search and exports read no others."""
        return self.shown().accessible()

    def listed(self) -> MessageQuerySet:
        """Return the visible messages without those of unlisted rooms, for lists over several rooms."""
        return self.shown().in_listed_rooms()

    def removed(self) -> MessageQuerySet:
        """Return removed messages. Only their places in the day may be shown."""
        return self.filter(REMOVED).accessible()

    def by_key_even_removed(self, key: str) -> MessageQuerySet:
        """Find a message by key, removed or not, to answer 410 or 404. Check `is_visible` before showing it."""
        return self.filter(key=key).accessible()

    def with_originals(self) -> MessageQuerySet:
        """Join the originals, for the import and for moderators."""
        return self.select_related("room", "link", "image", "original__alias__original_name", "alias__original_name")

    def in_room(self, room: Room) -> MessageQuerySet:
        return self.filter(room=room)

    def on(self, day: Day) -> MessageQuerySet:
        return self.filter(day=day)

    def in_time_order(self) -> MessageQuerySet:
        return self.order_by("position")


class Message(models.Model):
    """A message as readers see it. Its source is a Segment; what readers may not see is in Original.

    An erased message has neither, and no content: only its place remains. The same is true of a message held for
    review because a message of the same time and sender was erased.

    `key` is its permanent address; `position` orders the messages of all rooms by time, and may
    change when another message of the same second arrives. `time` is the room's local time.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("image")
        LINK = "link", _("link")
        FILE = "file", _("file")
        UNSUPPORTED = "unsupported", _("not exported")

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("hidden")
        HELD = "held", _("held for review")
        ERASED = "erased", _("erased")

    KEY_LENGTH = 21

    key = models.CharField(_("key"), max_length=KEY_LENGTH, unique=True, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="messages", db_index=False, verbose_name=_("room"))
    day = models.ForeignKey(Day, models.PROTECT, related_name="messages", db_index=False, verbose_name=_("day"))
    position = models.BigIntegerField(_("position"), unique=True, editable=False)
    time = models.TimeField(_("time"))
    alias = models.ForeignKey(
        "Alias",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        db_index=False,
        verbose_name=_("name"),
        help_text=_("Empty if the transcript names no sender."),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.SHOWN)
    is_author_hidden = models.BooleanField(
        _("author hidden"), default=False, db_default=False, help_text=_("The name is stored with the original.")
    )
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False, help_text=_("No longer in its transcript."))
    duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
        db_index=False,
        verbose_name=_("duplicate of"),
        help_text=_("The same message under another name, in a merged export of two phones."),
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["position"]
        permissions = [
            ("hide_message", _("Can hide and restore messages, days and rooms")),
            ("redact_message", _("Can redact messages")),
            ("erase_message", _("Can erase messages")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "image", "link", "file", "unsupported"]),
                name="message_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["shown", "hidden", "held", "erased"]), name="message_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="message_is_not_its_own_duplicate"),
        ]
        indexes = [
            # Pages of days, and the import's comparison with stored messages.
            models.Index(fields=["day", "position"], name="message_by_day"),
            # Keyset pagination by room, by name and by rare kind.
            models.Index(fields=["room", "position"], name="message_by_room"),
            models.Index(fields=["alias", "position"], name="message_by_alias"),
            models.Index(
                fields=["kind", "position"],
                name="message_by_rare_kind",
                condition=Q(kind__in=["image", "link", "file", "unsupported"]),
            ),
            # The gallery, of all rooms and of one: for a single kind, SQLite does not take the index above.
            models.Index(fields=["position"], name="message_by_picture", condition=Q(kind="image")),
            models.Index(fields=["room", "position"], name="message_by_room_picture", condition=Q(kind="image")),
            models.Index(fields=["duplicate_of"], name="message_by_duplicate", condition=Q(duplicate_of__isnull=False)),
            # What moderators look for among all the others.
            models.Index(fields=["state", "position"], name="message_by_rare_state", condition=~Q(state="shown")),
            models.Index(fields=["position"], name="message_by_withdrawal", condition=Q(is_withdrawn=True)),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.key])

    @property
    def is_visible(self) -> bool:
        """The condition of `shown()` for one instance."""
        return self.state == self.State.SHOWN and not self.is_withdrawn and self.duplicate_of_id is None

    @property
    def sent_at(self) -> dt.datetime:
        """The time it was sent, in UTC."""
        return dt.datetime.fromtimestamp(self.position >> SEQUENCE_BITS, dt.UTC)


SHOWN = Q(state=Message.State.SHOWN, is_withdrawn=False, duplicate_of=None)

REMOVED = Q(state__in=[Message.State.HIDDEN, Message.State.ERASED], is_withdrawn=False, duplicate_of=None)

# The picture was removed as well: alone, with its message, or by an erasure.
WITHOUT_PICTURE = Q(state=Message.State.ERASED) | Q(kind=Message.Kind.IMAGE) & (
    ~Q(state=Message.State.SHOWN) | Q(image=None)
)

SHOWN_MESSAGE = Q(message__state=Message.State.SHOWN, message__is_withdrawn=False, message__duplicate_of=None)


class MessageScopedQuerySet(RoomScopedQuerySet[Row]):
    """A queryset of rows that belong to a message."""

    room_path = "message__room"

    def shown(self) -> Self:
        """Return rows of messages that are counted and indexed."""
        return self.filter(SHOWN_MESSAGE)

    def visible(self) -> Self:
        """Return rows of messages that the audience may read."""
        return self.shown().accessible()

    def listed(self) -> Self:
        """Return rows of visible messages without those of unlisted rooms."""
        return self.shown().in_listed_rooms()


class LinkQuerySet(MessageScopedQuerySet["Link"]):
    pass


class ImageQuerySet(MessageScopedQuerySet["Image"]):
    def here(self) -> ImageQuerySet:
        """Return images with a file in the folder IMAGES."""
        return self.exclude(path="") if settings.IMAGES else self.none()


class Link(models.Model):
    """The address of a shared page. Its title is the message's text."""

    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="link", verbose_name=_("message")
    )
    url = models.TextField(_("address"))
    host = models.CharField(_("host"), max_length=255, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.url


class Image(models.Model):
    """A picture. `url` is where it was published; most of those hosts are gone.

    `path` is where its file is in the folder IMAGES, "" without a file; `width` and `height` are those of the file.
    """

    # Of what is shown in pages, in pixels.
    LONGEST_SIDE = 480

    message = models.OneToOneField(
        Message, models.CASCADE, primary_key=True, related_name="image", verbose_name=_("message")
    )
    url = models.TextField(_("address"))
    path = models.TextField(_("file"), blank=True, default="", db_default="", editable=False)
    width = models.PositiveIntegerField(_("width"), default=0, db_default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, db_default=0, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.url

    @property
    def is_here(self) -> bool:
        """The condition of `here()` for one instance."""
        return bool(self.path and settings.IMAGES)

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the thumbnail."""
        scale = min(1.0, self.LONGEST_SIDE / max(self.width, self.height, 1))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))
