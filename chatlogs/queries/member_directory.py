"""Members by criteria, and the facets of their list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
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

# Of a facet's values, those seen at once, and those in the page at all.
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
    """Criteria of members. With a room, those but `q`, company, role and city apply to their names in it.

    `q` is a part of any name, `messages` the least number of messages, `silent` the least number of days between the
    last message and the newest of all. `sort` is "messages", "name" or "last_seen".
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
    """A value of a facet, its label, and the number of members that choosing it leaves."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The largest choices, the rest, and the number of those left out."""

    name: str
    largest: Sequence[Choice]
    rest: Sequence[Choice]
    left_out: int


class InBytes(Func):
    """Text in the order of its bytes, whatever language the database sorts by."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def find_members_by(criteria: MemberCriteria) -> QuerySet[Any]:
    """Return the members with the figures of `find_members`, in the order asked for."""
    return find_members(criteria.room).filter(*_conditions(criteria).values()).order_by(*_order(criteria.sort))


def count_facets(criteria: MemberCriteria) -> dict[str, Facet]:
    """By filter: as many members as there are with a further value of it."""
    known = [*find_members_by(criteria).order_by().values_list(*PARTS.values())]
    parts = {name: Counter(values[place] for values in known) for place, name in enumerate(PARTS)}
    facets = {
        name: _facet(name, [Choice(value, value, count) for value, count in counts.items() if value])
        for name, counts in parts.items()
    }
    return {"room": _facet("room", _count_by_room(criteria)), **facets}


def count_without(criteria: MemberCriteria) -> dict[str, int]:
    """By filter: how many members there would be without it, where there would be any."""
    conditions = _conditions(criteria)
    others = {name: [one for other, one in conditions.items() if other != name] for name in conditions}
    counting = {f"without_{name}": Count("pk", filter=Q(*rest)) for name, rest in others.items()}
    counts = find_members(criteria.room).order_by().aggregate(**counting)
    if criteria.room:
        counts["without_room"] = find_members_by(replace(criteria, room=None)).count()
    return {name.removeprefix("without_"): count for name, count in counts.items() if count}


def _order(sort: str) -> tuple[Any, ...]:
    if sort == "last_seen":
        return NEWEST_FIRST
    return (_sort_name(), "id") if sort == "name" else ("-message_count", "id")


def _sort_name() -> InBytes:
    """Of the name that the audience sees; how that sounds is known of the one that the archive gives."""
    if get_room_access().is_all_listed:
        return InBytes("sort_name")
    as_told = Case(When(listed_name=F("name"), then=F("sort_name")), default=F("listed_name"), output_field=TextField())
    return InBytes(as_told)


def _conditions(criteria: MemberCriteria) -> dict[str, Q]:
    """By filter, what is asked of the members of `find_members`."""
    conditions = _conditions_anywhere(criteria)
    if criteria.silent:
        conditions["silent"] = _silent_before(_newest_date(criteria.room), criteria.silent)
    return conditions


def _conditions_anywhere(criteria: MemberCriteria) -> dict[str, Q]:
    """Those that are the same in all rooms."""
    given = {name: getattr(criteria, name) for name in LOOKUPS}
    conditions = {name: Q(**{LOOKUPS[name]: value}) for name, value in given.items() if value}
    if criteria.q:
        called_so = Alias.objects.listed().filter(normalised_name__contains=normalise(criteria.q))
        conditions["q"] = Q(pk__in=called_so.values("member"))
    return conditions


def _newest_date(room: Room | None) -> dt.date | None:
    days = Day.objects.listed().with_messages()
    newest: dt.date | None = (days.in_room(room) if room else days).aggregate(newest=Max("date"))["newest"]
    return newest


def _silent_before(newest: dt.date | None, days: int) -> Q:
    return Q(last_seen__lte=newest - dt.timedelta(days)) if newest else Q(pk__in=[])


def _count_by_room(criteria: MemberCriteria) -> list[Choice]:
    """Each room asked with its own figures: who is silent in one may be talking in another."""
    rooms = {room.pk: room for room in find_rooms() if criteria.room is None or room == criteria.room}
    members = Member.objects.listed_by_names(rooms)
    found = with_figures(members.annotate(in_room=F("aliases__room")))
    found = found.filter(*_conditions_anywhere(criteria).values())
    if criteria.silent:
        found = found.filter(_silent_in(rooms, criteria.silent))
    counts = Counter(found.order_by().values_list("in_room", flat=True))
    return [Choice(rooms[pk].slug, str(rooms[pk]), count) for pk, count in counts.items()]


def _silent_in(rooms: Mapping[int, Any], days: int) -> Q:
    """The rooms are those of `find_rooms`, with the dates of their messages."""
    each = (Q(in_room=pk) & _silent_before(room.last_date, days) for pk, room in rooms.items())
    return reduce(or_, each, Q(pk__in=[]))


def _facet(name: str, choices: Sequence[Choice]) -> Facet:
    ordered = sorted(choices, key=lambda choice: (-choice.count, choice.value))
    return Facet(name, ordered[:MOST_SHOWN], ordered[MOST_SHOWN:MOST_LISTED], len(ordered[MOST_LISTED:]))
