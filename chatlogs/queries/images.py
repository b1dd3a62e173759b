"""Pictures, and which of them are still here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from chatlogs.models import Image, Message, Room
from chatlogs.models.messages import MessageQuerySet
from chatlogs.queries.cache import cached_by_revision


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the messages that have a picture. `show` is "here" for those alone that can be shown."""

    room: Room | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    show: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    total: int
    here: int


def find_pictures(wanted: Wanted) -> MessageQuerySet:
    """The messages that have one."""
    messages = _find_messages(wanted)
    return messages.filter(_is_here()) if wanted.show else messages


def count_pictures(wanted: Wanted) -> Counts:
    """Those wanted, whether they can be shown or not, and those that can."""
    asked = (wanted.room and wanted.room.pk, wanted.since, wanted.until)
    return cached_by_revision("pictures", asked, lambda: _count(wanted))


def get_image(message: Message) -> Image | None:
    """If its file can be shown."""
    image: Image | None = Image.objects.visible().here().filter(message=message).first()
    return image


def _find_messages(wanted: Wanted) -> MessageQuerySet:
    messages = Message.objects.listed().filter(kind=Message.Kind.IMAGE)
    if wanted.room:
        messages = messages.in_room(wanted.room)
    if wanted.since:
        messages = messages.filter(day__date__gte=wanted.since)
    if wanted.until:
        messages = messages.filter(day__date__lte=wanted.until)
    return messages


def _count(wanted: Wanted) -> Counts:
    messages = _find_messages(wanted).order_by()
    return Counts(**messages.aggregate(total=Count("pk"), here=Count("pk", filter=Q(_is_here()))))


def _is_here() -> Exists:
    return Exists(Image.objects.visible().here().filter(message=OuterRef("pk")))
