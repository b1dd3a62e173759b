"""Mentions in messages, and the members that the mentioned names stand for."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from chatlogs.models.messages import MessageScopedQuerySet
from chatlogs.models.people import Alias, Member, name_in_listed_rooms
from chatlogs.models.rooms import RoomScopedQuerySet, get_room_access


class MentionedNameQuerySet(RoomScopedQuerySet["MentionedName"]):
    def visible(self) -> MentionedNameQuerySet:
        """Return names in rooms that the audience may read."""
        return self.accessible()

    def listed(self) -> MentionedNameQuerySet:
        """Return names in rooms that are listed for the audience."""
        return self.in_listed_rooms()

    def with_meaning(self) -> MentionedNameQuerySet:
        """Join and annotate what `member` reads."""
        known = Exists(Alias.objects.listed().filter(member=OuterRef("alias__member")))
        names = self.select_related("alias__member")
        access = get_room_access()
        if access.is_all_listed:
            return names.annotate(has_page=known)
        in_listed_room = Q(room__in=sorted(access.listed))
        return names.annotate(
            has_page=Case(When(in_listed_room & Q(known), then=True), default=False),
            listed_name=name_in_listed_rooms("alias__member"),
        )


class MentionedName(models.Model):
    """A name after an `@`, and the alias that it stands for in a room.

    Single mentions for which a moderator chose another member have a row of their own, with the same text and
    `is_single`.
    """

    class Method(models.TextChoices):
        CHOSEN = "chosen", _("decided by a moderator")
        EVERYBODY = "everybody", _("everybody")
        EXACT = "exact", _("exact name")
        NORMALISED = "normalised", _("same name except punctuation and case")
        PERSON = "person", _("same personal part of the name")
        PART = "part", _("part of the name")
        LEARNED = "learned", _("sender who replied")
        SIBLING = "sibling", _("similar mention")
        NONE = "", _("unknown")

    room = models.ForeignKey("Room", models.PROTECT, related_name="+", db_index=False, verbose_name=_("room"))
    text = models.TextField(_("mentioned as"))
    normalised_text = models.TextField(editable=False)
    alias = models.ForeignKey(
        "Alias", models.SET_NULL, null=True, blank=True, related_name="mentioned_as", verbose_name=_("stands for")
    )
    method = models.CharField(_("matched by"), max_length=10, choices=Method.choices, blank=True)
    is_sure = models.BooleanField(_("sure"), default=False)
    is_single = models.BooleanField(_("set for single mentions"), default=False, editable=False)

    objects = MentionedNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentioned name")
        verbose_name_plural = _("mentioned names")
        ordering = ["text", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "text"], condition=Q(is_single=False), name="mentioned_name_is_one_of_its_room"
            ),
            models.UniqueConstraint(
                fields=["room", "text", "alias"], condition=Q(is_single=True), name="mentioned_name_has_own_meaning"
            ),
            models.UniqueConstraint(
                fields=["room", "text"],
                condition=Q(is_single=True, alias=None),
                name="mentioned_name_is_nobodys_once",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.text}"

    @property
    def is_of_everybody(self) -> bool:
        return self.method == self.Method.EVERYBODY

    @property
    def member(self) -> Member | None:
        """The member, if the audience may see it. The name has to be read by `with_meaning()`."""
        if not getattr(self, "has_page", False) or self.alias is None:
            return None
        member = self.alias.member
        vars(member)["listed_name"] = getattr(self, "listed_name", member.name)
        return member


class MentionQuerySet(MessageScopedQuerySet["Mention"]):
    pass


class Mention(models.Model):
    """The position of a mention in a message's text, in characters: the `@` is at `start`."""

    message = models.ForeignKey(
        "Message", models.CASCADE, related_name="mentions", db_index=False, verbose_name=_("message")
    )
    start = models.PositiveIntegerField(_("start"))
    stop = models.PositiveIntegerField(_("stop"))
    name = models.ForeignKey(MentionedName, models.PROTECT, related_name="mentions", verbose_name=_("mentioned name"))

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["message", "start"], name="mention_is_one_of_its_place"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}:{self.start}"

    @property
    def member(self) -> Member | None:
        """The member, if the audience may see it. The name has to be read by `with_meaning()`."""
        return self.name.member
