"""Who spoke: a member owns the names (aliases) that messages were sent under."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class MemberQuerySet(models.QuerySet["Member"]):
    def visible(self) -> MemberQuerySet:
        """The members that readers may see: those with a message to read."""
        return self.filter(aliases__message_count__gt=0).distinct()


class Member(models.Model):
    """A person, as far as it is known who is who. `key` stands in addresses and survives a rebuild."""

    key = models.CharField(_("key"), max_length=16, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=500, blank=True, help_text=_("Empty for an unknown member."))

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name.strip() or gettext("unknown member")

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.key])


class Alias(models.Model):
    """A display name in one room, as spoken; or, nameless, a private account id as a keyed hash.

    `normalised_name` is what names are looked up by: regardless of width and case. The counters count
    what readers see.
    """

    room = models.ForeignKey("Room", models.PROTECT, related_name="aliases", db_index=False, verbose_name=_("room"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="aliases", verbose_name=_("member"))
    name = models.CharField(_("name"), max_length=500, blank=True)
    normalised_name = models.TextField(blank=True, editable=False)
    account_hash = models.CharField(max_length=64, blank=True, editable=False)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    first_seen = models.DateField(_("first seen"), null=True, blank=True)
    last_seen = models.DateField(_("last seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["room", "name", "account_hash"], name="alias_is_one_of_its_room"),
            models.CheckConstraint(condition=~Q(name="") ^ ~Q(account_hash=""), name="alias_is_name_or_account"),
        ]

    def __str__(self) -> str:
        return self.name.strip() or gettext("unknown member")
