"""Mentions in messages, and the messages that they reply to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects

from chatlogs.models import Alias, Member, Mention, MentionedName, Message
from chatlogs.models.audience import cached_per_request
from chatlogs.queries.timelines import TimelineMessage
from chatlogs.search.tokens import normalise

# A mention replies to the last message of the member mentioned, if it is not older than this.
ANSWER_SECONDS = 60 * 60

# A mention: the id of its message, and where in the text it starts.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MentionedMember:
    """`count` is the number of messages that mention the member."""

    member: Member
    count: int


def read_mentions(messages: Sequence[Message]) -> None:
    """Prefetch the mentions of messages, with the members mentioned."""
    prefetch_related_objects(
        messages,
        Prefetch("mentions", Mention.objects.visible().order_by("start")),
        Prefetch("mentions__name", MentionedName.objects.visible().with_meaning()),
    )


def find_answered(messages: Iterable[TimelineMessage]) -> dict[Place, TimelineMessage]:
    """Return the message that each mention replies to, given a day's messages in order."""
    answered = {}
    last_of: dict[int, TimelineMessage] = {}
    for message in messages:
        for mention in message.mentions:
            is_another = mention.member and (not message.alias or mention.member.pk != message.alias.member_id)
            last = last_of.get(mention.member.pk) if mention.member and is_another else None
            if last and message.second - last.second <= ANSWER_SECONDS:
                answered[message.pk, mention.start] = last
        if message.alias:
            last_of[message.alias.member_id] = message
    return answered


def count_mentioned(messages: Iterable[TimelineMessage]) -> Sequence[MentionedMember]:
    """Return the members that these messages mention, most often mentioned first."""
    members: dict[int, Member] = {}
    counts: Counter[int] = Counter()
    for message in messages:
        if message.mentions:
            meant = {member.pk: member for mention in message.mentions if (member := mention.member)}
            members |= meant
            counts += Counter(meant.keys())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], members[item[0]].sort_name, item[0]))
    return [MentionedMember(members[pk], count) for pk, count in ordered]


@cached_per_request
def find_mentioned_ids(part_of_name: str) -> frozenset[int]:
    """Return ids of mentioned names that contain the text, or belong to a member with a name that contains it."""
    part = normalise(part_of_name.lstrip("@＠").strip())
    if not part:
        return frozenset()
    called = Alias.objects.listed().filter(normalised_name__contains=part).values("member")
    meant = MentionedName.objects.listed().filter(alias__member__in=called)
    names = MentionedName.objects.visible().filter(Q(normalised_text__contains=part) | Q(pk__in=meant))
    return frozenset(names.values_list("pk", flat=True))


@cached_per_request
def find_mentioned_ids_of(member: Member) -> frozenset[int]:
    return frozenset(MentionedName.objects.listed().filter(alias__member=member).values_list("pk", flat=True))
