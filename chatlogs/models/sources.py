"""The transcripts themselves, byte for byte: read by import, export and the superuser's admin alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceFile(models.Model):
    """The transcript of a day: `front` and then its segments in order are the file's exact bytes.

    `path`, `size` and `modified_ns` tell an unchanged file without reading it, `sha256` without
    parsing it. The counters count the source, before doubled messages are folded away.
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
