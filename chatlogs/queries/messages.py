"""Single messages, and the messages before and after them."""

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
    """The neighbours of a message in its room, in order of time."""

    before: Sequence[Message]
    after: Sequence[Message]


def get_message(key: str) -> Message | None:
    """Return the message, even a removed one: the caller must check `is_visible` before showing anything."""
    return Message.objects.by_key_even_removed(key).select_related("day__room", "duplicate_of__day").first()


def has_messages() -> bool:
    return Day.objects.listed().with_messages().exists()


def find_contexts(messages: Iterable[Message]) -> dict[int, Context]:
    """Return contexts by message id. Two queries."""
    neighbours_of = select_neighbours(Message.objects.visible(), CONTEXT)
    around = Message.objects.visible().filter(pk__in=[message.pk for message in messages]).annotate(**neighbours_of)
    places = {pk: neighbours for pk, *neighbours in around.order_by().values_list("pk", *neighbours_of)}
    wanted = {position for neighbours in places.values() for position in neighbours if position is not None}
    found = {message.position: message for message in find_at(sorted(wanted))}
    return {
        pk: Context(
            before=[found[position] for position in reversed(neighbours[:CONTEXT]) if position in found],
            after=[found[position] for position in neighbours[CONTEXT:] if position in found],
        )
        for pk, neighbours in places.items()
    }


def select_neighbours(messages: QuerySet[Message], number: int) -> dict[str, Subquery]:
    """Return annotations with the positions of so many messages before, then after the outer one, nearest first."""
    in_room = messages.filter(room=OuterRef("room"))
    before = in_room.filter(position__lt=OuterRef("position")).order_by("-position").values("position")
    after = in_room.filter(position__gt=OuterRef("position")).order_by("position").values("position")
    return {
        f"{side}_{step}": Subquery(neighbours[step : step + 1])
        for side, neighbours in (("before", before), ("after", after))
        for step in range(number)
    }
