"""Members with what they said, and under which names."""

from __future__ import annotations

from django.db.models import Max, Min, QuerySet, Sum
from django.shortcuts import get_object_or_404

from chatlogs.models import Alias, Member
from chatlogs.models.archive import MessageQuerySet
from chatlogs.models.people import MemberQuerySet
from chatlogs.queries.messages import find_messages
from chatlogs.search.tokens import normalise


def find_members() -> MemberQuerySet:
    """Members with `message_count`, `first_seen` and `last_seen`, the most active first."""
    return (
        Member.objects.annotate(
            message_count=Sum("aliases__message_count"),
            first_seen=Min("aliases__first_seen"),
            last_seen=Max("aliases__last_seen"),
        )
        .filter(message_count__gt=0)
        .order_by("-message_count", "id")
    )


def get_member(key: str) -> Member:
    """The member with the figures of `find_members`, or Http404."""
    return get_object_or_404(find_members(), key=key)


def find_names(member: Member) -> QuerySet[Alias]:
    return Alias.objects.filter(member=member, message_count__gt=0).select_related("room").order_by("-last_seen", "id")


def find_alias_ids(part_of_name: str) -> frozenset[int]:
    """Names that contain it, regardless of width and case."""
    aliases = Alias.objects.filter(normalised_name__contains=normalise(part_of_name))
    return frozenset(aliases.values_list("pk", flat=True))


def find_alias_ids_of(member: Member) -> frozenset[int]:
    return frozenset(Alias.objects.filter(member=member).values_list("pk", flat=True))


def find_messages_of(member: Member) -> MessageQuerySet:
    return find_messages().filter(alias__member=member)
