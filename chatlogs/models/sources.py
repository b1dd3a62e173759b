"""The transcripts, byte for byte. Only import, export and the superusers' admin read them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SourceFile(models.Model):
    """The transcript of a day: `front` and then its segments in order are the file's exact bytes.

    `path`, `size` and `modified_ns` identify an unchanged file without reading it, `sha256` without parsing it. The
    counters include duplicates of merged exports.
    """

    day = models.OneToOneField(
        "Day", models.PROTECT, primary_key=True, related_name="source_file", verbose_name=_("day")
    )
    path = models.TextField(_("path"), help_text=_("Where it was last imported from."))
    size = models.PositiveBigIntegerField(_("size in bytes"))
    modified_ns = models.BigIntegerField(_("modification time in nanoseconds"))
    sha256 = models.CharField("SHA-256", max_length=64)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    parser_version = models.PositiveSmallIntegerField(_("parser version"))
    front = models.BinaryField(_("front matter"))
    imported_at = models.DateTimeField(_("imported at"))
    message_count = models.PositiveIntegerField(_("messages"))
    shown_count = models.PositiveIntegerField(_("messages shown"))
    image_count = models.PositiveIntegerField(_("images"))
    link_count = models.PositiveIntegerField(_("links"))
    empty_sender_count = models.PositiveIntegerField(_("messages without a sender"))
    empty_body_count = models.PositiveIntegerField(_("messages without a body"))

    class Meta:
        verbose_name = _("source file")
        verbose_name_plural = _("source files")

    def __str__(self) -> str:
        return self.path


class Segment(models.Model):
    """The exact bytes of one message. `number` is its place in the file, from 0.

    A withdrawn message keeps its segment, without a number, so that it is known when it returns.
    """

    message = models.OneToOneField(
        "Message",
        models.CASCADE,
        primary_key=True,
        related_name="segment",
        verbose_name=_("message"),
    )
    source_file = models.ForeignKey(
        SourceFile,
        models.PROTECT,
        related_name="segments",
        db_index=False,
        verbose_name=_("source file"),
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    source = models.BinaryField(_("source"))

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [
            models.UniqueConstraint(fields=["source_file", "number"], name="segment_has_own_place"),
        ]

    def __str__(self) -> str:
        return f"{self.source_file_id} / {self.number}"


class Original(models.Model):
    """The original text of a message where readers see something else. Only superusers may read it.

    `url` is the link's or the image's. `is_outdated`: the text has changed since it was redacted, so that all of it
    is masked until a moderator has looked.
    """

    message = models.OneToOneField(
        "Message", models.CASCADE, primary_key=True, related_name="original", verbose_name=_("message")
    )
    alias = models.ForeignKey("Alias", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("name"))
    text = models.TextField(_("text"), blank=True)
    url = models.TextField(_("address"), blank=True)
    is_outdated = models.BooleanField(_("changed since"), default=False)
    stored_at = models.DateTimeField(_("stored at"), default=timezone.now)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.message_id)


class OriginalName(models.Model):
    """The name in the transcripts of somebody who opted out. Only the import and superusers read it."""

    alias = models.OneToOneField(
        "Alias", models.CASCADE, primary_key=True, related_name="original_name", verbose_name=_("name")
    )
    name = models.CharField(_("name"), max_length=500, blank=True)
    normalised_name = models.TextField(blank=True, editable=False)
    account_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("original name")
        verbose_name_plural = _("original names")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.alias_id)


class Tombstone(models.Model):
    """Keeps erased messages out of later imports: the group of one room, date, time and sender.

    `sender` is a keyed hash of the name. `messages` lists every message of the group in the transcript's order, as
    `digest` (a short keyed hash of what it said: enough to notice a change, too little to confirm a guess), `key`, and
    `outcome`: "erased", "kept", "held" (unknown when the erasure was made, so it is left out until a moderator
    decides) or "redacted" for good, with `masks`. It refers to no row, so that it survives a rebuilt database.
    """

    room = models.CharField(_("room"), max_length=100)
    date = models.DateField(_("date"))
    time = models.TimeField(_("time"))
    sender = models.CharField(max_length=32, editable=False)
    messages = models.JSONField(default=list)
    is_holding = models.BooleanField(_("has messages pending review"), default=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = [
            models.UniqueConstraint(fields=["room", "date", "time", "sender"], name="tombstone_is_one_of_its_group")
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.date} {self.time}"
