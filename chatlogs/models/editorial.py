"""Day notes and highlights, and decisions on messages that have not been imported yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatlogs.models.days import Day
from chatlogs.models.messages import Message
from chatlogs.models.rooms import RoomScopedQuerySet, get_room_access

WRITTEN = ("add", "change", "view")


class PendingDecision(models.Model):
    """A decision from a decisions file, applied by the import that adds its message.

    `decision` is a `chatlogs.moderation.decisions.pending.Decision`: positions, states and keys, never texts.
    """

    key = models.CharField(_("key"), max_length=Message.KEY_LENGTH, unique=True)
    room = models.CharField(_("room"), max_length=100)
    date = models.DateField(_("date"))
    decision = models.JSONField(_("decision"))

    class Meta:
        verbose_name = _("pending decision")
        verbose_name_plural = _("pending decisions")
        ordering = ["key"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class DayNoteQuerySet(RoomScopedQuerySet["DayNote"]):
    room_path = "day__room"

    def visible(self) -> DayNoteQuerySet:
        """Return the notes of days that have messages the audience may read."""
        return self.accessible().filter(day__message_count__gt=0, day__is_hidden=False).exclude(text="")


class DayNote(models.Model):
    """A note on a day, in Markdown. A removed note has no text."""

    day = models.OneToOneField(Day, models.PROTECT, related_name="note", verbose_name=_("day"))
    text = models.TextField(
        _("note"),
        blank=True,
        help_text=_(
            "Markdown. In your own words: what others said here disappears when it is taken away, what you write does"
            " not."
        ),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = DayNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a day")
        verbose_name_plural = _("notes of days")
        ordering = ["-changed_at", "-id"]
        default_permissions = WRITTEN

    def __str__(self) -> str:
        return str(self.day)

    def get_absolute_url(self) -> str:
        return self.day.get_absolute_url()


class TagQuerySet(models.QuerySet["Tag"]):
    def listed(self) -> TagQuerySet:
        """Return the tags of listed highlights, with their number as `highlight_count`."""
        listed = Q(highlights__in=Highlight.objects.listed().order_by())
        return self.filter(listed).annotate(highlight_count=Count("highlights"))


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=50)
    slug = models.SlugField(_("slug"), max_length=50, unique=True, allow_unicode=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "slug"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])


class HighlightQuerySet(models.QuerySet["Highlight"]):
    def published(self) -> HighlightQuerySet:
        return self.filter(is_published=True)

    def listed(self) -> HighlightQuerySet:
        """Return published highlights that quote a listed room."""
        return self.published().filter(Exists(HighlightPart.objects.listed().filter(highlight=OuterRef("pk"))))

    def visible(self) -> HighlightQuerySet:
        """Return the listed highlights and those of a single unlisted room, which reveal no other room."""
        unlisted = get_room_access().unlisted
        if not unlisted:
            return self.listed()
        parts = HighlightPart.objects.filter(first__room__in=sorted(unlisted)).order_by().values("highlight")
        of_one_room = parts.annotate(rooms=Count("first__room", distinct=True)).filter(rooms=1).values("highlight")
        listed = HighlightPart.objects.listed().values("highlight")
        return self.published().filter(Q(pk__in=listed) | Q(pk__in=of_one_room))


class Highlight(models.Model):
    """Messages chosen by curators, with comments in Markdown. It holds no copy of the messages."""

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_(
            "Part of the address and of the log, for good: use no names. If empty, made from the room and date quoted."
        ),
    )
    title = models.CharField(_("title"), max_length=200)
    notes = models.TextField(_("notes"), blank=True, help_text=DayNote._meta.get_field("text").help_text)
    tags: models.ManyToManyField[Tag, Any] = models.ManyToManyField(
        Tag, blank=True, related_name="highlights", verbose_name=_("tags")
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        verbose_name = _("highlight")
        verbose_name_plural = _("highlights")
        ordering = ["-published_at", "-id"]
        default_permissions = WRITTEN
        constraints = [
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(published_at__isnull=False), name="highlight_is_published_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("highlight", args=[self.slug])


class HighlightPartQuerySet(RoomScopedQuerySet["HighlightPart"]):
    room_path = "first__room"

    def visible(self) -> HighlightPartQuerySet:
        """Return parts of rooms that the audience may read."""
        return self.filter(first__isnull=False).accessible()

    def listed(self) -> HighlightPartQuerySet:
        """Return parts of rooms that are listed for the audience."""
        return self.filter(first__isnull=False).in_listed_rooms()

    def with_range(self) -> HighlightPartQuerySet:
        """Annotate the positions `low` and `high`. A corrected transcript may have swapped `first` and `last`."""
        ends = ("first__position", "last__position")
        return self.annotate(low=Least(*ends), high=Greatest(*ends))


class HighlightPart(models.Model):
    """A range of messages of one day that a highlight quotes.

    In a rebuilt database whose transcripts have not been imported yet, `awaited` identifies the messages: `first` and
    `last`, each a `chatlogs.moderation.decisions.pending.Decision` without a decision.
    """

    highlight = models.ForeignKey(
        Highlight, models.CASCADE, related_name="parts", db_index=False, verbose_name=_("highlight")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    first = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first message")
    )
    last = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("last message")
    )
    awaited = models.JSONField(default=dict, blank=True, editable=False)
    comment = models.TextField(_("comment"), blank=True, help_text=_("Markdown; shown above the messages."))

    objects = HighlightPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a highlight")
        verbose_name_plural = _("parts of highlights")
        ordering = ["highlight", "order"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["highlight", "order"], name="highlight_part_has_own_place"),
            models.CheckConstraint(
                condition=Q(first=None, last=None) | Q(first__isnull=False, last__isnull=False),
                name="highlight_part_has_both_ends_or_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.highlight_id} / {self.order}"
