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

    `key` derives permanent addresses: the same transcripts with the same key give the same addresses. `account_key`
    hashes private account IDs. Neither depends on SECRET_KEY. `revision` rises with every change that readers can see.

    `indexed_until`: the search index has the messages with a lower position, as tokens of `index_version`. While the
    index is being built, these are not all messages.

    `names_version` and `mentions_version`: the version of the code that split the names and found the mentions.
    Aliases with an ID above `newest_known_alias` may be mentioned in messages that were scanned before they existed.
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
        """Return whether the index is of this version and complete."""
        return (self.index_version, self.indexed_until) == (version, HIGHEST_POSITION)
