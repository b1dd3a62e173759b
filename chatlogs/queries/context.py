"""Messages with their context for moderators, including hidden messages."""

from __future__ import annotations

from collections.abc import Sequence

from chatlogs.models import Message
from chatlogs.queries.messages import select_neighbours

# The number of messages before, and after, a message.
AROUND = 5


def find_context(messages: Sequence[Message]) -> list[list[Message]]:
    """Return each message with its neighbours in the room, in order. Two queries."""
    names = select_neighbours(Message.objects.filter(duplicate_of=None), AROUND)
    placed = Message.objects.filter(pk__in=[message.pk for message in messages]).annotate(**names)
    places = {pk: positions for pk, *positions in placed.order_by().values_list("pk", "position", *names)}
    wanted = {position for positions in places.values() for position in positions if position is not None}
    rows = Message.objects.filter(position__in=wanted).select_related("day__room", "alias")
    found = {row.position: row for row in rows}
    return [
        [found[place] for place in sorted(set(places[message.pk]) & found.keys())]
        for message in messages
        if message.pk in places
    ]
