"""Messages with pictures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from chatlogs.models import Image, Message, Room
from chatlogs.models.messages import MessageQuerySet
from chatlogs.queries.cache import cached_by_revision


@dataclass(frozen=True, slots=True)
class PictureCriteria:
    """Criteria of messages with a picture. With `show` "here", only those whose file is available."""

    room: Room | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    show: str = ""


@dataclass(frozen=True, slots=True)
class PictureCounts:
    total: int
    here: int


def find_pictures(criteria: PictureCriteria) -> MessageQuerySet:
    messages = _find_messages(criteria)
    return messages.filter(_is_here()) if criteria.show else messages


def count_pictures(criteria: PictureCriteria) -> PictureCounts:
    """Count the pictures that meet the criteria except `show`, and those of them with an available file."""

    def count() -> PictureCounts:
        messages = _find_messages(criteria).order_by()
        return PictureCounts(**messages.aggregate(total=Count("pk"), here=Count("pk", filter=Q(_is_here()))))

    asked = (criteria.room and criteria.room.pk, criteria.since, criteria.until)
    return cached_by_revision("pictures", asked, count)


def get_image(message: Message) -> Image | None:
    """Return the image of a message if its file is available."""
    image: Image | None = Image.objects.visible().here().filter(message=message).first()
    return image


def _find_messages(criteria: PictureCriteria) -> MessageQuerySet:
    messages = Message.objects.listed().filter(kind=Message.Kind.IMAGE)
    if criteria.room:
        messages = messages.in_room(criteria.room)
    if criteria.since:
        messages = messages.filter(day__date__gte=criteria.since)
    if criteria.until:
        messages = messages.filter(day__date__lte=criteria.until)
    return messages


def _is_here() -> Exists:
    return Exists(Image.objects.visible().here().filter(message=OuterRef("pk")))
