"""A range of a day's messages, from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.validators import slug_re

from chatlogs.models import Day, Message
from chatlogs.models.messages import MessageQuerySet
from chatlogs.queries.timelines import Timeline, read_between

MOST_CITED = 200


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A range of messages, and the keys of its neighbours, or ""."""

    timeline: Timeline
    earlier: str
    later: str
    is_cut: bool


def find_excerpt(day: Day, first: str, last: str) -> Excerpt | None:
    """Return the range between two messages, in either order, or of one message. None for keys not of this day."""
    visible = Message.objects.visible().on(day)
    keys = {first, last or first}
    if not all(len(key) <= Message.KEY_LENGTH and slug_re.match(key) for key in keys):
        return None
    positions = sorted(visible.filter(key__in=keys).values_list("position", flat=True))
    if len(positions) != len(keys):
        return None
    timeline = read_between(day, positions[0], positions[-1], MOST_CITED)
    end = timeline.messages[-1].position
    return Excerpt(
        timeline,
        earlier=_key_of(visible.filter(position__lt=positions[0]).order_by("-position")),
        later=_key_of(visible.filter(position__gt=end).order_by("position")),
        is_cut=end < positions[-1],
    )


def _key_of(messages: MessageQuerySet) -> str:
    return messages.values_list("key", flat=True).first() or ""
