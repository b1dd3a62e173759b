"""Runs of the import, and problems in the files."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One run of the import. `finished_at` is empty while it runs, and stays so if it was killed."""

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
