"""Members by criteria, and the facets of their list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, Func, Max, Q, QuerySet, TextField, When

from chatlogs.models import Alias, Day, Member, Room
from chatlogs.models.people import NEWEST_FIRST
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.members import find_members, with_figures
from chatlogs.queries.rooms import find_rooms
from chatlogs.search.tokens import normalise

# The number of choices of a facet that are visible at first, and in all.
MOST_SHOWN, MOST_LISTED = 12, 200

PARTS = {"company": "known_company", "role": "known_role", "city": "known_city"}
LOOKUPS = {
    **PARTS,
    "first_since": "first_seen__gte",
    "first_until": "first_seen__lte",
    "last_since": "last_seen__gte",
    "last_until": "last_seen__lte",
    "messages": "message_count__gte",
}


@dataclass(frozen=True, slots=True)
class MemberCriteria:
    """Criteria of members. With a room, dates, `messages` and `silent` apply to the names in that room only.

    `q` is a part of any name, `messages` the minimum number of messages, `silent` the minimum number of days between
    the member's last message and the newest message. `sort` is "messages", "name" or "last_seen".
    """

    q: str = ""
    room: Room | None = None
    company: str = ""
    role: str = ""
    city: str = ""
    first_since: dt.date | None = None
    first_until: dt.date | None = None
    last_since: dt.date | None = None
    last_until: dt.date | None = None
    messages: int = 0
    silent: int = 0
    sort: str = "messages"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet; `count` is the number of results with it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The largest choices, further ones, and the number of those left out."""

    name: str
    largest: Sequence[Choice]
    rest: Sequence[Choice]
    left_out: int


class InBytes(Func):
    """Text sorted by bytes, independent of the database's collation."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def find_members_by(criteria: MemberCriteria) -> QuerySet[Any]:
    """Return the members with the figures of `find_members`, in the order of the criteria."""
    order: tuple[Any, ...] = ("-message_count", "id")
    if criteria.sort == "last_seen":
        order = NEWEST_FIRST
    elif criteria.sort == "name":
        order = (_sort_name(), "id")
    return find_members(criteria.room).filter(*_conditions(criteria).values()).order_by(*order)


def count_facets(criteria: MemberCriteria) -> dict[str, Facet]:
    """Return the facets by criterion. Each room is counted with its own figures."""
    known = [*find_members_by(criteria).order_by().values_list(*PARTS.values())]
    parts = {name: Counter(values[place] for values in known) for place, name in enumerate(PARTS)}
    facets = {
        name: _facet(name, [Choice(value, value, count) for value, count in counts.items() if value])
        for name, counts in parts.items()
    }
    rooms: dict[int, Any] = {room.pk: room for room in find_rooms() if criteria.room is None or room == criteria.room}
    members = Member.objects.listed_by_names(rooms)
    found = with_figures(members.annotate(in_room=F("aliases__room")))
    found = found.filter(*_room_independent_conditions(criteria).values())
    if criteria.silent:
        silent = (Q(in_room=pk) & _silent_before(room.last_date, criteria.silent) for pk, room in rooms.items())
        found = found.filter(reduce(or_, silent, Q(pk__in=[])))
    by_room = Counter(found.order_by().values_list("in_room", flat=True))
    choices = [Choice(rooms[pk].slug, str(rooms[pk]), count) for pk, count in by_room.items()]
    return {"room": _facet("room", choices), **facets}


def count_without(criteria: MemberCriteria) -> dict[str, int]:
    """Return, by criterion, the number of members without it, unless zero."""
    conditions = _conditions(criteria)
    others = {name: [one for other, one in conditions.items() if other != name] for name in conditions}
    counting = {f"without_{name}": Count("pk", filter=Q(*rest)) for name, rest in others.items()}
    counts = find_members(criteria.room).order_by().aggregate(**counting)
    if criteria.room:
        counts["without_room"] = find_members_by(replace(criteria, room=None)).count()
    return {name.removeprefix("without_"): count for name, count in counts.items() if count}


def _sort_name() -> InBytes:
    """Sort by the name that the audience sees; only the member's own name has a sort key."""
    if get_room_access().is_all_listed:
        return InBytes("sort_name")
    own_name = When(listed_name=F("name"), then=F("sort_name"))
    return InBytes(Case(own_name, default=F("listed_name"), output_field=TextField()))


def _conditions(criteria: MemberCriteria) -> dict[str, Q]:
    """Return the conditions on the members of `find_members`, by criterion."""
    conditions = _room_independent_conditions(criteria)
    if criteria.silent:
        days = Day.objects.listed().with_messages()
        days = days.in_room(criteria.room) if criteria.room else days
        conditions["silent"] = _silent_before(days.aggregate(newest=Max("date"))["newest"], criteria.silent)
    return conditions


def _room_independent_conditions(criteria: MemberCriteria) -> dict[str, Q]:
    given = {name: getattr(criteria, name) for name in LOOKUPS}
    conditions = {name: Q(**{LOOKUPS[name]: value}) for name, value in given.items() if value}
    if criteria.q:
        called = Alias.objects.listed().filter(normalised_name__contains=normalise(criteria.q))
        conditions["q"] = Q(pk__in=called.values("member"))
    return conditions


def _silent_before(newest: dt.date | None, days: int) -> Q:
    return Q(last_seen__lte=newest - dt.timedelta(days)) if newest else Q(pk__in=[])


def _facet(name: str, choices: Sequence[Choice]) -> Facet:
    ordered = sorted(choices, key=lambda choice: (-choice.count, choice.value))
    return Facet(name, ordered[:MOST_SHOWN], ordered[MOST_SHOWN:MOST_LISTED], len(ordered[MOST_LISTED:]))
