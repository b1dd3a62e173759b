"""The audit log, and the rows that moderators' decisions create: removal requests, redactions, opt-outs, erasures."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatlogs.models.messages import Message

REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class IsAppendOnly(Exception):
    """Raised on an attempt to change or delete rows of an append-only table."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuse changes and deletions. Triggers in the database refuse them as well."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise IsAppendOnly(self.model.__name__)

    update = bulk_update = delete = update_or_create = _refuse


def list_action_kinds() -> list[tuple[str, Any]]:
    """Return the choices of an action's kind. A function, so that a new kind needs no migration."""
    return ModerationAction.Kind.choices


class ModerationAction(models.Model):
    """An entry of the audit log: who did what and why, and what changed.

    `changes` holds states, keys and positions, never what anybody wrote; its form depends on the kind. For names that
    moved to another member it is a list of `name`, `from` and `to`: the keys of the name's own member, of its former
    member and of its new one. An undone action stays, and the entry that undid it refers to it by `undoes`. When a
    user is deleted, `actor` becomes empty and `actor_name` stays.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("merge")
        MOVE = "move", _("move names")
        SPLIT = "split", _("split")
        HIDE = "hide", _("hide")
        RESTORE = "restore", _("restore")
        REDACT = "redact", _("redact")
        REVIEW = "review", _("review")
        ERASE = "erase", _("erase")
        PURGE = "purge", _("purge originals")
        OPT_OUT = "opt-out", _("opt out")
        EXEMPT = "exempt", _("exempt from an opt-out")
        NOTE = "note", _("write the note of a day")
        HIGHLIGHT = "highlight", _("write a highlight")
        PUBLISH = "publish", _("publish a highlight")
        RETRACT = "retract", _("retract a highlight")
        UNDO = "undo", _("undo")

    class Category(models.TextChoices):
        REQUEST = "request", _("request by the person concerned")
        PERSONAL = "personal", _("personal data")
        RIGHTS = "rights", _("somebody's rights, or the law")
        ABUSE = "abuse", _("insult or threat")
        ADVERTISING = "advertising", _("advertising")
        IDENTITY = "identity", _("identity")
        MISTAKE = "mistake", _("correction of a mistake")
        OTHER = "other", _("something else")

    kind = models.CharField(_("action"), max_length=10, choices=list_action_kinds)
    made_at = models.DateTimeField(_("made at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty for actions taken from evidence in the transcripts."),
    )
    actor_name = models.CharField(_("by"), max_length=150, blank=True)
    category = models.CharField(_("category"), max_length=12, choices=Category.choices, blank=True)
    reason = models.TextField(_("reason"))
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes")
    )
    removal_request = models.ForeignKey(
        "RemovalRequest",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("removal request"),
    )
    changes = models.JSONField(_("changes"), default=list)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation actions")
        ordering = ["-id"]
        default_permissions = ("view", "undo")

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_kind_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise IsAppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise IsAppendOnly(type(self).__name__)

    @property
    def is_undone(self) -> bool:
        undone_by: Any = getattr(self, "undone_by", None)
        return undone_by is not None


def make_reference() -> str:
    """Return a random reference for a removal request."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _place in range(10))


class RemovalRequest(models.Model):
    """A request to remove or correct something, from the public form. `due_at` is the date promised."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ERASING = "erasing", _("erasing")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    class Wish(models.TextChoices):
        REMOVE = "remove", _("take down a message")
        ERASE = "erase", _("erase it for good")
        OPT_OUT = "opt-out", _("do not name me, or take down all my messages")
        CORRECT = "correct", _("correct something")
        OTHER = "other", _("something else")

    reference = models.CharField(_("reference"), max_length=10, unique=True, default=make_reference, editable=False)
    created_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True},
        verbose_name=_("assignee"),
    )
    wish = models.CharField(_("requested action"), max_length=7, choices=Wish.choices)
    subject = models.TextField(_("subject"), blank=True)
    explanation = models.TextField(_("why"), blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    messages: models.ManyToManyField[Message, Any] = models.ManyToManyField(
        "Message", blank=True, related_name="removal_requests", verbose_name=_("messages")
    )
    member = models.ForeignKey(
        "Member", models.SET_NULL, null=True, blank=True, related_name="removal_requests", verbose_name=_("member")
    )
    outcome = models.TextField(_("outcome"), blank=True, help_text=_("For moderators who read this request later."))

    class Meta:
        verbose_name = _("removal request")
        verbose_name_plural = _("removal requests")
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"], name="removal_request_by_state")]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_overdue(self) -> bool:
        return self.closed_at is None and self.due_at < timezone.now()


class Redaction(models.Model):
    """A passage of a message's original text that readers see as blocks. Without `start` and `stop`, the whole text."""

    message = models.ForeignKey(
        "Message", models.CASCADE, related_name="redactions", db_index=False, verbose_name=_("message")
    )
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    stop = models.PositiveIntegerField(_("stop"), null=True, blank=True)
    action = models.ForeignKey(ModerationAction, models.PROTECT, related_name="+", verbose_name=_("action"))

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "start", "stop", "action"], name="redaction_is_one_of_its_place"
            ),
            models.CheckConstraint(
                condition=Q(start=None, stop=None) | Q(start__lt=models.F("stop")), name="redaction_has_places_or_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}:{self.start}"


class PersonalDataMatch(models.Model):
    """The position of personal data, or of an opted-out member's name, in a message's original text.

    An OPEN match is undecided; the room's `masked_kinds` say whether it is masked.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone number")
        EMAIL = "email", _("e-mail address")
        QQ = "qq", _("QQ number")
        WECHAT = "wechat", _("WeChat id")
        ID_NUMBER = "id_number", _("identity card number")
        BANK_CARD = "bank_card", _("bank card number")
        NAME = "name", _("name of somebody who opted out")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MASKED = "masked", _("masked")
        RELEASED = "released", _("released")

    message = models.ForeignKey(
        "Message", models.CASCADE, related_name="personal_data_matches", db_index=False, verbose_name=_("message")
    )
    start = models.PositiveIntegerField(_("start"))
    stop = models.PositiveIntegerField(_("stop"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(_("found at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("personal data")
        verbose_name_plural = _("personal data")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "start", "kind"], name="personal_data_match_has_own_place"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="personal_data_match_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}-{self.stop}"


class OptOut(models.Model):
    """A member who opted out. Each extent includes those before it.

    `originals` holds the fields that moderators had set on the member, to restore them when the opt-out is undone. Only
    superusers may read it.
    """

    class Extent(models.TextChoices):
        NAME = "name", _("a neutral name")
        MESSAGES = "messages", _("neutral name, all messages hidden")
        IMPORTS = "imports", _("neutral name, messages hidden, no further imports")

    member = models.OneToOneField("Member", models.PROTECT, related_name="opt_out", verbose_name=_("member"))
    extent = models.CharField(_("extent"), max_length=8, choices=Extent.choices)
    pseudonym = models.CharField(_("neutral name"), max_length=40)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    originals = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.pseudonym


class Erasure(models.Model):
    """An erasure. Until `finished_at`, traces of the erased content may remain in the database's files."""

    action = models.OneToOneField(
        ModerationAction, models.PROTECT, primary_key=True, related_name="erasure", verbose_name=_("action")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return str(self.action_id)
