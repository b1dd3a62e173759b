"""A community of invented people, imported: what it says is known, and so is whom each mention means."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import days, room_slugs
from benchmarks.daybook import mentioned
from benchmarks.people import ROOMS_A_COMMUNITY, Person
from chatlogs.models import Alias, Mention

SEED = 1
HEADER = b"\n> "

# Room, date and name -> who are meant by that name on that day; None is everybody.
Truth = dict[tuple[str, dt.date, str], set[Person | None]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention that says somebody is meant: whether it is understood, and rightly."""

    is_understood: bool
    is_right: bool


def write_community(folder: Path, messages: int) -> Truth:
    slugs = room_slugs(ROOMS_A_COMMUNITY)
    truth: Truth = defaultdict(set)
    for file in days(messages=messages, seed=SEED):
        posts = folder / file.room
        posts.mkdir(parents=True, exist_ok=True)
        (posts / f"{file.date}-chat.markdown").write_bytes(file.data)
        count = file.data.count(HEADER)
        for name, who in mentioned(SEED, slugs.index(file.room), file.room, file.date, count):
            truth[file.room, file.date, _bare(name)].add(who)
    return truth


def judge(truth: Truth) -> Iterator[Judged]:
    """All mentions that readers see, but those of everybody."""
    names: defaultdict[int, set[str]] = defaultdict(set)
    for alias in Alias.objects.all():
        names[alias.member_id].add(alias.name.strip())
    for mention in Mention.objects.visible().select_related("name__alias", "message__day", "message__room"):
        who = truth.get((mention.message.room.slug, mention.message.day.date, _bare(mention.name.text)), set())
        if None not in who:
            meant = mention.name.alias
            called = {name for person in who if person for name in _names_of(person)}
            yield Judged(meant is not None, meant is not None and not called.isdisjoint(names[meant.member_id]))


def _names_of(person: Person) -> set[str]:
    return {name.strip() for name in (person.remark, *person.titles, person.elsewhere) if name}


def _bare(name: str) -> str:
    """Without the lost sign that may end a name, and the one that ends a mention."""
    return name.strip().rstrip("?").strip()
