"""Members and their aliases, the display names that messages were sent under."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs.models.rooms import RoomScopedQuerySet, get_room_access

NEWEST_FIRST = (F("last_seen").desc(nulls_last=True), "id")


class MemberQuerySet(models.QuerySet["Member"]):
    def visible(self) -> MemberQuerySet:
        """Return members with a message that the audience may read."""
        access = get_room_access()
        return self._by_names(access.listed | access.unlisted if access.closed else None).distinct()

    def listed(self) -> MemberQuerySet:
        """Return members with a message in a listed room, with the name they use there as `listed_name`."""
        return self.listed_by_names().distinct()

    def listed_by_names(self, room_ids: Iterable[int] | None = None) -> MemberQuerySet:
        """Return one row per member and alias in listed rooms, or in those of `room_ids`, for aggregation."""
        access = get_room_access()
        if room_ids is not None:
            members = self._by_names(access.listed.intersection(room_ids))
        else:
            members = self._by_names(None if access.is_all_listed else access.listed)
        return members if access.is_all_listed else members.annotate(listed_name=name_in_listed_rooms())

    def _by_names(self, room_ids: frozenset[int] | None) -> MemberQuerySet:
        in_rooms = Q() if room_ids is None else Q(aliases__room__in=sorted(room_ids))
        return self.filter(in_rooms, aliases__message_count__gt=0)


def name_in_listed_rooms(member: str = "") -> Case:
    """Return an expression for a member's name without names that are only used in unlisted or closed rooms.

    `member` is the lookup path to the member; "" for the member itself.
    """
    path = f"{member}__" if member else ""
    names = Alias.objects.listed().filter(member=OuterRef(f"{path}pk"))
    curated = Member.objects.filter(is_name_curated=True, first_alias__member=OuterRef(f"{path}pk"))
    is_known = Q(Exists(names.filter(name=OuterRef(f"{path}name")))) | Q(
        Exists(curated.filter(name=OuterRef(f"{path}name")))
    )
    newest = Subquery(names.exclude(name="").order_by(*NEWEST_FIRST).values("name")[:1])
    return Case(
        When(Q(**{f"{path}is_name_curated": True}) | is_known, then=F(f"{path}name")),
        default=Coalesce(newest, Value("")),
    )


class Member(models.Model):
    """A person. `key` is part of the member's address and stays the same when the database is rebuilt.

    Each alias is created with a member of its own (`Alias.origin`). When aliases are merged, one of these members gets
    all of them and the others have none; their addresses redirect to it. `company`, `role` and `city` are set by
    moderators; if empty, pages show what the names say.
    """

    key = models.CharField(_("key"), max_length=16, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=500, blank=True, help_text=_("Empty for an unknown member."))
    is_name_curated = models.BooleanField(
        _("name set by moderators"), default=False, help_text=_("If off, the name follows the transcripts.")
    )
    sort_name = models.TextField(blank=True, editable=False)
    company = models.CharField(_("company"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["name", "id"]
        permissions = [("opt_out_member", _("Can opt members out"))]

    def __str__(self) -> str:
        return self.called.strip() or gettext("unknown member")

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.key])

    @property
    def called(self) -> str:
        """The name for the audience if the member was read by `listed()`, otherwise the stored name."""
        return getattr(self, "listed_name", self.name)


class AliasQuerySet(RoomScopedQuerySet["Alias"]):
    def visible(self) -> AliasQuerySet:
        """Return aliases with messages that the audience may read."""
        return self.filter(message_count__gt=0).accessible()

    def listed(self) -> AliasQuerySet:
        """Return those of rooms that are listed for the audience."""
        return self.filter(message_count__gt=0).in_listed_rooms()


class Alias(models.Model):
    """A display name in one room, or, without a name, the keyed hash of a private account ID.

    `normalised_name` is for lookups regardless of width and case. `person` to `remark` are the parts of the name. The
    counters count what readers see. `origin` is the member that was created with the alias, and that gets it back when
    it is split off. For a member who opted out, `name` is a pseudonym, `account_hash` a keyed hash of the name, and
    the name is in OriginalName.
    """

    room = models.ForeignKey("Room", models.PROTECT, related_name="aliases", db_index=False, verbose_name=_("room"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="aliases", verbose_name=_("member"))
    origin = models.OneToOneField(Member, models.PROTECT, related_name="first_alias", editable=False)
    name = models.CharField(_("name"), max_length=500, blank=True)
    normalised_name = models.TextField(blank=True, editable=False)
    account_hash = models.CharField(max_length=64, blank=True, editable=False)
    person = models.TextField(_("person"), blank=True, editable=False)
    company = models.TextField(_("company"), blank=True, editable=False)
    role = models.TextField(_("role"), blank=True, editable=False)
    city = models.TextField(_("city"), blank=True, editable=False)
    remark = models.TextField(_("remark"), blank=True, editable=False)
    message_count = models.PositiveIntegerField(_("messages"), default=0)
    first_seen = models.DateField(_("first seen"), null=True, blank=True)
    last_seen = models.DateField(_("last seen"), null=True, blank=True)
    is_opted_out = models.BooleanField(_("opted out"), default=False, db_default=False, editable=False)
    is_exempt = models.BooleanField(
        _("different person"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Not the person who opted out under the same name."),
    )

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["room", "name", "account_hash"], name="alias_is_one_of_its_room"),
            models.CheckConstraint(
                condition=Q(is_opted_out=True) | (~Q(name="") ^ ~Q(account_hash="")), name="alias_is_name_or_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name.strip() or gettext("unknown member")

    @property
    def tells_parts(self) -> bool:
        return bool(self.company or self.role or self.city)

    @property
    def listed_member(self) -> Member | None:
        """The member, or None in an unlisted room: names there must not lead to a member's page."""
        return self.member if self.room_id in get_room_access().listed else None


class NameEvidence(models.Model):
    """Evidence in a day's transcript about who uses a name.

    ACCOUNT: a link of `alias` contained the account ID with this hash. QUOTATION: words that a reply attributes to
    `alias` were written under `other`. DOUBLED: in a merged export of two phones, the same messages are under `alias`
    and under `other`.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("account")
        QUOTATION = "quotation", _("quotation")
        DOUBLED = "doubled", _("duplicate")

    day = models.ForeignKey("Day", models.CASCADE, related_name="name_evidence", verbose_name=_("day"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    alias = models.ForeignKey(
        Alias, models.CASCADE, related_name="name_evidence", db_index=False, verbose_name=_("name")
    )
    account_hash = models.CharField(max_length=64, blank=True, editable=False)
    other = models.ForeignKey(
        Alias, models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("other name")
    )
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("name evidence")
        verbose_name_plural = _("name evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="account", other=None) & ~Q(account_hash="")
                | Q(kind__in=["quotation", "doubled"], account_hash="", other__isnull=False),
                name="name_evidence_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.alias_id}"


class Suggestion(models.Model):
    """Two aliases that may be one person's, for a moderator to decide on.

    `evidence` lists the evidence for and against, each item a mapping with `kind` and its figures; `score` is from 1 to
    99. A refused pair is never merged by evidence again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    first = models.ForeignKey(Alias, models.CASCADE, related_name="+", db_index=False, verbose_name=_("name"))
    second = models.ForeignKey(Alias, models.CASCADE, related_name="+", verbose_name=_("other name"))
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    evidence = models.JSONField(_("evidence"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    found_at = models.DateTimeField(_("found at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("merge suggestion")
        verbose_name_plural = _("merge suggestions")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suggestion_is_one_of_its_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suggestion_is_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
