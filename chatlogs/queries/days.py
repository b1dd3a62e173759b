"""What the page of a day shows: its messages in conversations and turns, and its neighbours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from chatlogs.models import Alias, Day, Message, Room
from chatlogs.models.archive import SEQUENCE_BITS

# Messages of one sender within this time stand under one name.
TURN_SECONDS = 7 * 60

# After this silence, what follows is another conversation.
SILENCE_SECONDS = 20 * 60


@dataclass(slots=True)
class Turn:
    """Messages that one sender wrote in a row; or how many were removed in this place."""

    alias: Alias | None = None
    messages: list[Message] = field(default_factory=list)
    removed: int = 0


@dataclass(slots=True)
class Conversation:
    """Turns without a long silence between them. Without a time where there is nothing left to read."""

    starts_at: dt.time | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def message_count(self) -> int:
        return sum(len(turn.messages) for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest days with messages before and after a date."""

    previous: Day | None
    next: Day | None


def get_day(room: Room, date: dt.date) -> Day | None:
    return (
        Day.objects.visible().in_room(room).filter(date=date).select_related("speaker__member", "source_file").first()
    )


def find_conversations(day: Day) -> list[Conversation]:
    return group_in_conversations(Message.objects.timeline(day))


def messages_of(conversations: Iterable[Conversation]) -> list[Message]:
    """In order."""
    return [message for conversation in conversations for turn in conversation.turns for message in turn.messages]


def group_in_conversations(timeline: Iterable[Message]) -> list[Conversation]:
    """When something removed was said, is not told: it belongs to the conversation before, or else to the first."""
    conversations: list[Conversation] = []
    before: Message | None = None
    for message in timeline:
        if not message.is_visible:
            _add_removed(conversations)
            continue
        silence = _seconds_between(before, message) if before else 0
        if before is None and conversations:
            conversations[-1].starts_at = message.time
        elif before is None or silence > SILENCE_SECONDS:
            conversations.append(Conversation(message.time))
        turns = conversations[-1].turns
        if not turns or turns[-1].removed or before is None or not _goes_on(before, message, silence):
            turns.append(Turn(message.alias))
        turns[-1].messages.append(message)
        before = message
    return conversations


def _add_removed(conversations: list[Conversation]) -> None:
    if not conversations:
        conversations.append(Conversation())
    turns = conversations[-1].turns
    if not turns or not turns[-1].removed:
        turns.append(Turn())
    turns[-1].removed += 1


def _seconds_between(before: Message, after: Message) -> int:
    return (after.position >> SEQUENCE_BITS) - (before.position >> SEQUENCE_BITS)


def _goes_on(before: Message, after: Message, silence: int) -> bool:
    """Whether they are one turn. Two whose authors are hidden may be anybody's."""
    is_hidden = before.is_author_hidden or after.is_author_hidden
    return not is_hidden and before.alias_id == after.alias_id and silence <= TURN_SECONDS


def find_neighbours(room: Room, date: dt.date) -> Neighbours:
    days = Day.objects.visible().in_room(room).with_messages().select_related("room")
    return Neighbours(
        previous=days.filter(date__lt=date).order_by("-date").first(),
        next=days.filter(date__gt=date).order_by("date").first(),
    )


def find_same_date(day: Day) -> QuerySet[Day]:
    """The other rooms' days of this date."""
    return (
        Day.objects.listed()
        .with_messages()
        .filter(date=day.date)
        .exclude(pk=day.pk)
        .select_related("room")
        .order_by("room__slug")
    )
