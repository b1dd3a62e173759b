"""Messages of all rooms: the list, one by its key, and what stands around one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from chatlogs.models import Day, Message
from chatlogs.queries.pagination import find_at

# Messages shown before and after a found one.
CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Context:
    """The messages of the room that stand around one, in order of time."""

    before: Sequence[Message]
    after: Sequence[Message]


def get_message(key: str) -> Message | None:
    """By its key, removed ones too: the caller must look at `is_visible` before showing anything."""
    return Message.objects.by_key_even_removed(key).select_related("day__room", "duplicate_of__day").first()


def has_messages() -> bool:
    """Whether there is anything to be found in lists."""
    return Day.objects.listed().with_messages().exists()


def find_contexts(messages: Iterable[Message]) -> dict[int, Context]:
    """By the messages' ids. Two queries, however many messages."""
    names = [f"{side}_{step}" for side in ("before", "after") for step in range(CONTEXT)]
    around = (
        Message.objects.visible()
        .filter(pk__in=[message.pk for message in messages])
        .annotate(
            **{
                f"{side}_{step}": select_neighbour(Message.objects.visible(), side, step)
                for side in ("before", "after")
                for step in range(CONTEXT)
            }
        )
    )
    places = {pk: neighbours for pk, *neighbours in around.order_by().values_list("pk", *names)}
    wanted = {position for neighbours in places.values() for position in neighbours if position is not None}
    found = {message.position: message for message in find_at(sorted(wanted))}
    return {
        pk: Context(
            before=[found[position] for position in reversed(neighbours[:CONTEXT]) if position in found],
            after=[found[position] for position in neighbours[CONTEXT:] if position in found],
        )
        for pk, neighbours in places.items()
    }


def select_neighbour(messages: QuerySet[Message], side: str, step: int) -> Subquery:
    """Select the position of the message `step` + 1 places "before" or "after" the outer one, in its room."""
    lookup, order = ("position__lt", "-position") if side == "before" else ("position__gt", "position")
    nearer = messages.filter(room=OuterRef("room"), **{lookup: OuterRef("position")})
    return Subquery(nearer.order_by(order).values("position")[step : step + 1])
