"""Readers of other kinds than the public, and the rooms that they may enter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import Group

from chatlogs.models import Room
from chatlogs.models.audience import Audience, set_audience
from chatlogs.models.revision import bump_revision


@contextmanager
def one_request(audience: Audience | None = None) -> Iterator[None]:
    """What is read within, is read by one reader and at one time."""
    set_audience(audience or Audience())
    try:
        yield
    finally:
        set_audience(None)


def turn(slug: str, visibility: Room.Visibility, group: Group | None = None) -> Room:
    """Change who may enter a room."""
    Room.objects.filter(slug=slug).update(visibility=visibility, reader_group=group)
    bump_revision()
    return Room.objects.get(slug=slug)


def make_private(slug: str) -> Group:
    """The group that may read the room from now on."""
    group, _ = Group.objects.get_or_create(name=f"readers of {slug}")
    turn(slug, Room.Visibility.PRIVATE, group)
    return group
