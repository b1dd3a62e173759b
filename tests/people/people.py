"""Builds transcripts of invented people, and reads their names and members."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from chatlogs.models import Alias, Day, Member, Suggestion
from tests.importing.archives import ROOM, import_tree
from tests.transcripts.making import DAY, message, write_transcript
from tests.worlds import import_once

Said = tuple[str, str]


def days_later(count: int) -> dt.date:
    return DAY + dt.timedelta(days=count)


def write_day(tree: Path, date: dt.date, *said: str | Said, room: str = ROOM) -> None:
    """Write a day with one message per minute, each given as a name or as a name and a text."""
    lines = [(one, f"{one}说了第{number}句") if isinstance(one, str) else one for number, one in enumerate(said)]
    messages = (message(f"{9 + n // 60:02}:{n % 60:02}:00", name, text) for n, (name, text) in enumerate(lines))
    write_transcript(tree, room, date, *messages)


def import_day(tree: Path, *said: str | Said, date: dt.date = DAY, room: str = ROOM) -> None:
    write_day(tree, date, *said, room=room)
    import_tree(tree)


def import_day_once(tree: Path, *said: str | Said, date: dt.date = DAY, room: str = ROOM) -> None:
    """Import a day in a fixture; its result is reused (`worlds.py`)."""
    write_day(tree, date, *said, room=room)
    import_once(tree)


def alias(name: str, room: str = ROOM) -> Alias:
    return Alias.objects.select_related("member", "origin").get(name=name, room__slug=room)


def member(name: str, room: str = ROOM) -> Member:
    """Return the member that has the name."""
    return alias(name, room).member


def are_one(*names: str) -> bool:
    return len({member(name) for name in names}) == 1


def owners() -> dict[str, str]:
    """Return the key of each name's current member, by the key of its original one."""
    return dict(Alias.objects.values_list("origin__key", "member__key"))


def speakers(date: dt.date = DAY) -> int:
    return Day.objects.get(date=date).member_count


def revision(date: dt.date = DAY) -> int:
    return Day.objects.get(date=date).revision


def suggestion(one: str, other: str) -> Suggestion:
    first, second = sorted((alias(one), alias(other)), key=lambda alias: alias.pk)
    return Suggestion.objects.get(first=first, second=second)


def refused() -> set[frozenset[str]]:
    """Return the refused pairs of names."""
    pairs = Suggestion.objects.filter(state=Suggestion.State.REFUSED).values_list("first__name", "second__name")
    return {frozenset(pair) for pair in pairs}
