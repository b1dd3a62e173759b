"""What was decided on messages that no transcript has brought yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatlogs.models.archive import Message


class PendingDecision(models.Model):
    """What `import_curation` brought for a message that is not here. The import that brings it carries it out.

    `decision` is `chatlogs.curation.pending.Decision`: places, states and keys, never what anybody wrote.
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
