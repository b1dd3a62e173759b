"""The page cache."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CachedPage(models.Model):
    """A page as anonymous readers see it, at one revision of the archive.

    `key` is a hash of its address, its language and the version of the code. `bump_revision` deletes all of them.
    """

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    revision = models.PositiveBigIntegerField(_("revision"))
    robots = models.CharField(max_length=20)
    html = models.TextField()

    class Meta:
        verbose_name = _("cached page")
        verbose_name_plural = _("cached pages")
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
