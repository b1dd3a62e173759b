"""Members with their figures and names."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404

from chatlogs.models import Alias, Member, Message, Room
from chatlogs.models.audience import cached_per_request
from chatlogs.models.messages import MessageQuerySet
from chatlogs.models.people import NEWEST_FIRST, MemberQuerySet
from chatlogs.search.tokens import normalise


def find_members(room: Room | None = None) -> QuerySet[Any]:
    """Return the listed members with the figures of `with_figures`, most active first.

    With a room, `message_count`, `first_seen` and `last_seen` count only the names in that room.
    """
    members = Member.objects.listed_by_names([room.pk] if room else None)
    return with_figures(members).order_by("-message_count", "id")


def with_figures(members: MemberQuerySet) -> QuerySet[Any]:
    """Annotate figures over the joined names.

    `known_company`, `known_role` and `known_city` are those set by moderators, for the member or one merged into it, or
    else those of the newest name that has one.
    """
    return members.annotate(
        message_count=Sum("aliases__message_count"),
        first_seen=Min("aliases__first_seen"),
        last_seen=Max("aliases__last_seen"),
        known_company=_known("company"),
        known_role=_known("role"),
        known_city=_known("city"),
    )


def get_member(key: str) -> Member:
    """Return the member with the figures of `find_members`, or raise Http404.

    If all names of the member with this key now belong to another member, return that one.
    """
    members = find_members()
    member: Member | None = members.filter(key=key).first()
    if member is None and not Alias.objects.in_listed_rooms().filter(member__key=key).exists():
        moved = Alias.objects.in_listed_rooms().filter(origin__key=key)
        member = members.filter(pk__in=moved.values("member")).first()
    if member is None:
        raise Http404
    return member


def find_names(member: Member) -> QuerySet[Alias]:
    return Alias.objects.listed().filter(member=member).select_related("room").order_by(*NEWEST_FIRST)


@cached_per_request
def find_alias_ids(part_of_name: str) -> frozenset[int]:
    """Return ids of the names that contain the text, regardless of width and case."""
    aliases = Alias.objects.visible().filter(normalised_name__contains=normalise(part_of_name))
    return frozenset(aliases.values_list("pk", flat=True))


@cached_per_request
def find_alias_ids_of(member: Member) -> frozenset[int]:
    return frozenset(Alias.objects.listed().filter(member=member).values_list("pk", flat=True))


def find_messages_of(member: Member) -> MessageQuerySet:
    return Message.objects.listed().filter(alias__member=member)


def _known(part: str) -> Coalesce:
    names = Alias.objects.listed().filter(member=OuterRef("pk")).exclude(**{part: ""})
    of_newest = names.order_by(*NEWEST_FIRST).values(part)[:1]
    field = f"origin__{part}"
    merged = Alias.objects.in_listed_rooms().filter(member=OuterRef("pk")).exclude(**{field: ""})
    of_merged = merged.order_by("origin").values(field)[:1]
    return Coalesce(
        NullIf(part, Value("")), Subquery(of_merged), Subquery(of_newest), Value(""), output_field=TextField()
    )
