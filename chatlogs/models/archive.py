"""What readers read: rooms, their days, and the messages with what they carry."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chatlogs.models.entering import QuerySetOfRooms, Row

if TYPE_CHECKING:
    from chatlogs.models.people import Alias

# A position is the second since 1970 and, in its low bits, the message's place within that second.
SEQUENCE_BITS = 10
MAX_MESSAGES_A_SECOND = 1 << SEQUENCE_BITS
LOWEST_POSITION, HIGHEST_POSITION = -(1 << 63), (1 << 63) - 1


def make_key() -> bytes:
    return secrets.token_bytes(32)


def default_time_zone() -> str:
    return str(settings.TIME_ZONE)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is no time zone."), params={"name": name})


class Archive(models.Model):
    """The one row about the archive as a whole.

    `key` makes the permalinks: the same transcripts under the same key give the same addresses.
    `account_key` makes private account ids comparable without storing them. Both outlive a change
    of SECRET_KEY. `revision` rises with every change that a reader could see.

    `indexed_until`: the search index has the messages whose positions are below it, as tokens of
    `index_version`. While the index is being built, that is not yet all of them.

    `names_version` and `mentions_version`: by which version of the code the names were split and the mentions found.
    Names after `newest_known_alias` may be mentioned in messages that were looked through before.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    key = models.BinaryField(default=make_key, max_length=32)
    account_key = models.BinaryField(default=make_key, max_length=32)
    revision = models.PositiveBigIntegerField(_("revision"), default=0)
    index_version = models.PositiveSmallIntegerField(_("version of the search index"), default=0)
    indexed_until = models.BigIntegerField(_("indexed until"), default=LOWEST_POSITION)
    names_version = models.PositiveSmallIntegerField(_("version of the names' parts"), default=0)
    mentions_version = models.PositiveSmallIntegerField(_("version of the mentions"), default=0)
    newest_known_alias = models.BigIntegerField(_("newest name that mentions were looked up by"), default=0)

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archive")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="archive_is_one_row")]

    def __str__(self) -> str:
        return str(settings.SITE_TITLE)

    def has_whole_index(self, version: int) -> bool:
        """Whether all that readers may see can be found, by an index of this version."""
        return (self.index_version, self.indexed_until) == (version, HIGHEST_POSITION)


class RoomQuerySet(QuerySetOfRooms["Room"]):
    room_path = "pk"

    def visible(self) -> RoomQuerySet:
        """The rooms that the audience may enter: public, unlisted, and private ones that it belongs to."""
        return self.enterable()

    def listed(self) -> RoomQuerySet:
        """The same without the unlisted, which one must know the address of."""
        return self.in_listed_rooms()

    def open_to_robots(self) -> RoomQuerySet:
        return self.filter(visibility=Room.Visibility.PUBLIC, is_indexable=True)


def default_masked_kinds() -> list[str]:
    """What is masked as soon as it is found: the kinds whose patterns or checksums are seldom wrong."""
    return ["phone", "email", "id_number", "bank_card"]


class Room(models.Model):
    """A chat group. Its slug is the name of its folder of transcripts, and stands in addresses.

    `masked_kinds` are kinds of personal data (`Finding.Kind`) that readers do not see unless a moderator releases them.
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        UNLISTED = "unlisted", _("unlisted: for who knows the address")
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
        help_text=_("Who exported the transcripts, and is called 我 in them."),
    )
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC)
    reader_group = models.ForeignKey(
        "auth.Group",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group of readers"),
        help_text=_("Who may read the room while it is private."),
    )
    is_indexable = models.BooleanField(
        _("open to search engines"), default=False, help_text=_("Only while the room is public.")
    )
    masked_kinds = models.JSONField(
        _("masked at once"), default=default_masked_kinds, blank=True, help_text=_("Kinds of personal data.")
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
        """Whether who speaks in it has no page that knows of it."""
        return self.visibility == self.Visibility.UNLISTED

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def is_open_to_robots(self) -> bool:
        return self.is_indexable and self.is_public


class DayQuerySet(QuerySetOfRooms["Day"]):
    def visible(self) -> DayQuerySet:
        """The days that the audience may open."""
        return self.enterable()

    def listed(self) -> DayQuerySet:
        """Those that it may find in lists over all rooms."""
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
        help_text=_("Who held the talk of the day."),
    )
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    member_count = models.PositiveIntegerField(_("speaking members"), default=0)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    has_mentions_resolved = models.BooleanField(_("mentions are resolved"), default=False, editable=False)
    is_hidden = models.BooleanField(
        _("hidden"), default=False, editable=False, help_text=_("What is new on this day is hidden, too.")
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


class MessageQuerySet(QuerySetOfRooms["Message"]):
    def shown(self) -> MessageQuerySet:
        """The messages that somebody may read: what is counted and indexed."""
        return self.filter(SHOWN)

    def visible(self) -> MessageQuerySet:
        """The messages that the audience may read: the only door for pages, feeds, search and exports."""
        return self.shown().enterable()

    def listed(self) -> MessageQuerySet:
        """Those that it may find in lists over all rooms."""
        return self.shown().in_listed_rooms()

    def removed(self) -> MessageQuerySet:
        """Those that the audience could once read. Nothing but their places may be shown."""
        return self.filter(REMOVED).enterable()

    def by_key_even_removed(self, key: str) -> MessageQuerySet:
        """To tell what is gone from what never was. Whoever shows anything of it must look at `is_visible`."""
        return self.filter(key=key).enterable()

    def with_originals(self) -> MessageQuerySet:
        """With all that the import and moderators need to know what was said."""
        return self.select_related("room", "link", "image", "sealed__alias__sealed", "alias__sealed")

    def in_room(self, room: Room) -> MessageQuerySet:
        return self.filter(room=room)

    def on(self, day: Day) -> MessageQuerySet:
        return self.filter(day=day)

    def in_time_order(self) -> MessageQuerySet:
        return self.order_by("position")


class Message(models.Model):
    """A message as readers may read it; its exact source is a Segment, and what readers may not read of it is Sealed.

    An erased message has neither, nor any content: it keeps the place, and answers that it is gone. So does one that
    is held for review because an erased one stood at its time under its sender's name.

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
        help_text=_("Empty where the transcript names nobody."),
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.SHOWN)
    is_author_hidden = models.BooleanField(
        _("author hidden"), default=False, db_default=False, help_text=_("The name is in what is sealed.")
    )
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False, help_text=_("No longer in its transcript."))
    double_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="doubles",
        db_index=False,
        verbose_name=_("double of"),
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
            models.CheckConstraint(condition=~Q(double_of=F("id")), name="message_is_no_double_of_itself"),
        ]
        indexes = [
            # A day's page, and the import's look at what is there.
            models.Index(fields=["day", "position"], name="message_by_day"),
            # Keyset pages of a room, of a name, of the rare kinds.
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
            models.Index(fields=["double_of"], name="message_by_double", condition=Q(double_of__isnull=False)),
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
        """What `visible()` asks of the database, of a message in hand."""
        return self.state == self.State.SHOWN and not self.is_withdrawn and self.double_of_id is None

    @property
    def sent_at(self) -> dt.datetime:
        """The moment, in UTC."""
        return dt.datetime.fromtimestamp(self.position >> SEQUENCE_BITS, dt.UTC)


SHOWN = Q(state=Message.State.SHOWN, is_withdrawn=False, double_of=None)
REMOVED = Q(state__in=[Message.State.HIDDEN, Message.State.ERASED], is_withdrawn=False, double_of=None)
# Of what somebody took away the picture, too: alone, with its message, or for good.
WITHOUT_PICTURE = Q(state=Message.State.ERASED) | Q(kind=Message.Kind.IMAGE) & (
    ~Q(state=Message.State.SHOWN) | Q(image=None)
)
SHOWN_MESSAGE = Q(message__state=Message.State.SHOWN, message__is_withdrawn=False, message__double_of=None)


class QuerySetOfMessages(QuerySetOfRooms[Row]):
    """Of rows that belong to a message."""

    room_path = "message__room"

    def shown(self) -> Self:
        """Those of messages that somebody may read."""
        return self.filter(SHOWN_MESSAGE)

    def visible(self) -> Self:
        """Those of messages that the audience may read."""
        return self.shown().enterable()

    def listed(self) -> Self:
        """Those of messages that it may find in lists over all rooms."""
        return self.shown().in_listed_rooms()


class LinkQuerySet(QuerySetOfMessages["Link"]):
    pass


class ImageQuerySet(QuerySetOfMessages["Image"]):
    def here(self) -> ImageQuerySet:
        """Those whose files can be shown."""
        return self.exclude(path="") if settings.IMAGES else self.none()


class Link(models.Model):
    """The address of a shared page, whose title is the message's text."""

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
    """A picture. `url` is where it was published once; most of those hosts are gone.

    `path` is where its file is in the folder IMAGES, "" where there is none; `width` and `height` are that file's.
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
        """What `here()` asks of the database, of an image in hand."""
        return bool(self.path and settings.IMAGES)

    @property
    def small_size(self) -> tuple[int, int]:
        """Width and height of the thumbnail."""
        scale = min(1.0, self.LONGEST_SIDE / max(self.width, self.height, 1))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))
