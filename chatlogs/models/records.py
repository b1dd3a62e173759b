"""What the imports did, what they could not do, and what moderators decided."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One run of the import. `finished_at` is empty while it runs, and for ever if it was killed."""

    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    files_created = models.PositiveIntegerField(_("files created"), default=0)
    files_changed = models.PositiveIntegerField(_("files changed"), default=0)
    files_unchanged = models.PositiveIntegerField(_("files unchanged"), default=0)
    files_rejected = models.PositiveIntegerField(_("files rejected"), default=0)
    files_missing = models.PositiveIntegerField(_("files missing"), default=0)
    messages_created = models.PositiveIntegerField(_("messages created"), default=0)
    messages_changed = models.PositiveIntegerField(_("messages changed"), default=0)
    messages_unchanged = models.PositiveIntegerField(_("messages unchanged"), default=0)
    messages_withdrawn = models.PositiveIntegerField(_("messages withdrawn"), default=0)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S}"


class ImportProblem(models.Model):
    """Something an import met in a file: an error, for which the file was rejected, or a note.

    Recorded once, however often the same file is met, and deleted when the file has it no more.
    `line` counts from 1; 0 stands for the file as a whole.
    """

    path = models.TextField(_("path"))
    line = models.PositiveIntegerField(_("line"))
    code = models.CharField(_("code"), max_length=40)
    message = models.TextField(_("message"))
    is_error = models.BooleanField(_("file rejected"))
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")
        ordering = ["path", "line", "id"]
        indexes = [models.Index(fields=["path"], name="problem_by_path")]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ModerationAction(models.Model):
    """A deed, by whom and why, with what it changed: never what anybody wrote.

    `changes` depends on the verb; of names that went from one member to another it is a list of `name`, `from` and
    `to`, the keys of the name's own member and of the members who had it and have it. An undone deed stays, and the
    row that undid it names it. Rows are only added.
    """

    class Verb(models.TextChoices):
        MERGE = "merge", _("merge")
        MOVE = "move", _("move names")
        SPLIT = "split", _("split")
        UNDO = "undo", _("undo")

    verb = models.CharField(_("deed"), max_length=10, choices=Verb.choices)
    made_at = models.DateTimeField(_("made at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty for what the evidence in the transcripts decided."),
    )
    actor_name = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.TextField(_("reason"))
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    changes = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation actions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_verb_display()}"

    @property
    def is_undone(self) -> bool:
        undone_by: Any = getattr(self, "undone_by", None)
        return undone_by is not None
