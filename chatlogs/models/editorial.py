"""What curators write for the archive, and what was decided on messages that no transcript has brought yet."""

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
    """What `import_decisions` brought for a message that is not here. The import that brings it carries it out.

    `decision` is `chatlogs.moderation.decisions.pending.Decision`: places, states and keys, never what anybody wrote.
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
        """The notes that the audience may read: of days of which it may read something."""
        return self.accessible().filter(day__message_count__gt=0, day__is_hidden=False).exclude(text="")


class DayNote(models.Model):
    """What there is to say of a day, in Markdown. One that was taken back has no text."""

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
        """Those of highlights that the audience finds in lists, with how many these are."""
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
        """Those that the audience finds in lists: they quote a room that it finds there."""
        return self.published().filter(Exists(HighlightPart.objects.listed().filter(highlight=OuterRef("pk"))))

    def visible(self) -> HighlightQuerySet:
        """The same and those of one unlisted room alone: whoever knows that room is told of no other."""
        unlisted = get_room_access().unlisted
        if not unlisted:
            return self.listed()
        parts = HighlightPart.objects.filter(first__room__in=sorted(unlisted)).order_by().values("highlight")
        of_one_room = parts.annotate(rooms=Count("first__room", distinct=True)).filter(rooms=1).values("highlight")
        listed = HighlightPart.objects.listed().values("highlight")
        return self.published().filter(Q(pk__in=listed) | Q(pk__in=of_one_room))


class Highlight(models.Model):
    """Messages that curators chose, with what they say of them in Markdown. It quotes what can be read now."""

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
        """Those of rooms that the audience may enter."""
        return self.filter(first__isnull=False).accessible()

    def listed(self) -> HighlightPartQuerySet:
        """Those of rooms that it finds in lists."""
        return self.filter(first__isnull=False).in_listed_rooms()

    def with_range(self) -> HighlightPartQuerySet:
        """`low` and `high`: a corrected transcript may have changed which of the two messages is the first."""
        ends = ("first__position", "last__position")
        return self.annotate(low=Least(*ends), high=Greatest(*ends))


class HighlightPart(models.Model):
    """Messages of one day, from the first to the last, that a highlight quotes: as they can be read now.

    Where they are still waited for, on a database built anew, `awaited` has what they are known by, `first` and `last`,
    each a `chatlogs.moderation.decisions.pending.Decision` that decides nothing.
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
