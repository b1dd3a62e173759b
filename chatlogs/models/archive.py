"""The one row about the archive as a whole, and the positions of messages."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# A position is the second since 1970 and, in its low bits, the message's place within that second.
SEQUENCE_BITS = 10

MAX_MESSAGES_A_SECOND = 1 << SEQUENCE_BITS

LOWEST_POSITION, HIGHEST_POSITION = -(1 << 63), (1 << 63) - 1


def make_key() -> bytes:
    return secrets.token_bytes(32)


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
    names_version = models.PositiveSmallIntegerField(_("version of the name parts"), default=0)
    mentions_version = models.PositiveSmallIntegerField(_("version of the mentions"), default=0)
    newest_known_alias = models.BigIntegerField(_("newest name used to resolve mentions"), default=0)

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archive")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="archive_is_one_row")]

    def __str__(self) -> str:
        return str(settings.SITE_TITLE)

    def has_whole_index(self, version: int) -> bool:
        """Whether all that readers may see can be found, by an index of this version."""
        return (self.index_version, self.indexed_until) == (version, HIGHEST_POSITION)
