"""The member directory gives the same results as reading all names one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.http import QueryDict

from chatlogs.models import Alias, Day, Member, Room
from chatlogs.people import merging
from chatlogs.queries import member_directory as module
from chatlogs.queries.member_directory import MemberCriteria, count_facets, count_without, find_members_by
from chatlogs.search.tokens import normalise
from chatlogs.web.filters import MemberFilter
from tests.transcripts.making import message, write_transcript
from tests.worlds import import_once

OLD, NEW = "江月-云杉支付-产品-杭州", "江月-青禾银行"
NAMES = [OLD, "陆一鸣-云杉支付-风控-上海", "ＡＢ汤圆", "乔木 100%", "周可-青禾银行-产品-杭州", "ab小陈-长庚证券-风控"]
DATES = [dt.date(2017, 3, 27), dt.date(2018, 1, 1), dt.date(2018, 1, 20), dt.date(2018, 7, 2)]

QUERIES = [
    "", "room=tea-room", "room=wine-room", "company=云杉支付", "role=风控", "city=杭州", "company=青禾银行&role=产品",
    "q=ab", "q=ＡＢ", "q=100%25", "q=%25", "q=青禾", "q=江月-云杉", "first_since=2018-01-01", "first_until=2017-12-31",
    "last_since=2018-07-02", "last_until=2018-01-20", "first_since=2017-03-27&last_until=2018-07-02", "messages=3",
    "messages=3&room=tea-room", "silent=1", "silent=163", "silent=164", "silent=164&room=wine-room",
    "silent=19&room=wine-room", "silent=20&room=wine-room", "room=wine-room&last_since=2018-01-02", "messages=99",
    "q=a&silent=1&messages=2&company=长庚证券", "company=没有", "silent=36500", "room=tea-room&q=ab&role=风控",
]  # fmt: skip
IN_ROOMS = [f"{query}&room={room}" for query in QUERIES for room in ("tea-room", "wine-room", "porch")]


class Person(NamedTuple):
    member: int
    names: list[Alias]


@pytest.fixture
def people(db: None, tmp_path: Path) -> Path:
    """Members with different days in different rooms; the newest messages of the rooms are of different years."""
    said: dict[tuple[str, dt.date], list[bytes]] = {}
    for number, name in enumerate(NAMES):
        for turn, date in enumerate(DATES):
            for room in ("tea-room", "wine-room"):
                times = (number * 5 + turn * 3 + len(room) * 2) % 4
                if date.month != 7 or room == "tea-room":
                    lines = said.setdefault((room, date), [])
                    lines += (message(f"09:{number:02}:{n:02}", name, f"{n}") for n in range(times))
    said["tea-room", DATES[3]].append(message("10:00:00", NEW, "换了名字"))
    said["porch", DATES[0]] = [message("09:00:00", "门口的人", "在吗")]
    for (room, date), lines in said.items():
        write_transcript(tmp_path, room, date, *lines)
    import_once(tmp_path)
    merging.merge(owner_of(NEW), owner_of(OLD), by=None, reason="同一人")
    Alias.objects.filter(name="门口的人").update(message_count=0)
    return tmp_path


def owner_of(name: str) -> Member:
    return Member.objects.filter(aliases__name=name)[0]


def filters_of(query: str) -> MemberFilter:
    filters = MemberFilter(QueryDict(query))
    assert filters.is_valid(), filters.errors
    return filters


def found(parameters: QueryDict | str) -> list[int]:
    filters = MemberFilter(QueryDict(parameters) if isinstance(parameters, str) else parameters)
    assert filters.is_valid(), filters.errors
    return [member.pk for member in find_members_by(filters.criteria)]


# Criteria


def read_all() -> Iterator[Person]:
    for member in Member.objects.all():
        names = [name for name in Alias.objects.filter(member=member).select_related("room") if name.message_count]
        yield Person(member.pk, sorted(names, key=lambda name: (-name.last_seen.toordinal(), name.pk)))  # type: ignore[union-attr]


def fits(person: Person, wanted: MemberCriteria, newest: dt.date) -> bool:
    names: list[Any] = [name for name in person.names if wanted.room in (None, name.room)]
    if not names:
        return False
    told = {part: next((value for name in person.names if (value := getattr(name, part))), "") for part in module.PARTS}
    first, last = min(name.first_seen for name in names), max(name.last_seen for name in names)
    return (
        all(getattr(wanted, part) in ("", value) for part, value in told.items())
        and any(normalise(wanted.q) in normalise(name.name) for name in person.names)
        and (wanted.first_since or first) <= first <= (wanted.first_until or first)
        and (wanted.last_since or last) <= last <= (wanted.last_until or last)
        and sum(name.message_count for name in names) >= wanted.messages
        and (newest - last).days >= wanted.silent
    )


def test_those_are_found_who_fit(people: Path) -> None:
    for query in (*QUERIES, *IN_ROOMS):
        wanted = filters_of(query).criteria
        days = Day.objects.filter(message_count__gt=0, **({"room": wanted.room} if wanted.room else {}))
        newest = max(days.values_list("date", flat=True))
        assert sorted(found(query)) == sorted(one.member for one in read_all() if fits(one, wanted, newest)), query


def test_the_questions_are_worth_asking(people: Path) -> None:
    numbers = {query: len(found(query)) for query in QUERIES}
    assert sum(0 < number < numbers[""] for number in numbers.values()) > 20


def test_silence_is_counted_up_to_the_newest_messages_and_not_to_today(people: Path) -> None:
    Alias.objects.update(last_seen=DATES[3])
    assert found("silent=1") == []


def test_without_messages_no_member_is_silent(db: None) -> None:
    assert found("silent=1") == []


# Order


def test_the_most_active_come_first(people: Path) -> None:
    counts = [member.message_count for member in find_members_by(filters_of("room=tea-room").criteria)]
    assert counts == sorted(counts, reverse=True)


def test_those_last_seen_come_first_when_asked_for(people: Path) -> None:
    dates = [member.last_seen for member in find_members_by(filters_of("sort=last_seen").criteria)]
    assert dates == sorted(dates, reverse=True)
    assert len({*dates}) > 1


def test_names_are_in_the_order_of_their_sounds(people: Path) -> None:
    names = [member.sort_name for member in find_members_by(filters_of("sort=name").criteria)]
    assert names == sorted(names)
    assert len({*names}) > 3


def test_names_of_signs_come_after_all_letters(people: Path) -> None:
    """Independent of the database's collation."""
    last = Member.objects.filter(aliases__message_count__gt=0).latest("pk")
    Member.objects.filter(pk=last.pk).update(sort_name="~")
    assert found("sort=name")[-1] == last.pk


# Facets


def test_each_choice_leaves_as_many_as_it_says(people: Path) -> None:
    for query in QUERIES:
        filters = filters_of(query)
        for facet in count_facets(filters.criteria).values():
            for choice in facet.largest:
                narrowed = filters.with_values(**{facet.name: choice.value})
                assert len(found(narrowed)) == choice.count > 0, narrowed


def test_no_room_that_leaves_somebody_is_missing(people: Path) -> None:
    for query in QUERIES:
        filters = filters_of(query)
        rooms = [room.slug for room in Room.objects.all() if filters.criteria.room in (None, room)]
        expected = {slug for slug in rooms if found(filters.with_values(room=slug))}
        assert {one.value for one in count_facets(filters.criteria)["room"].largest} == expected, query


def test_no_part_that_somebody_has_is_missing(people: Path) -> None:
    for query in QUERIES:
        wanted = filters_of(query).criteria
        facets, members = count_facets(wanted), list(find_members_by(wanted))
        for part, known in module.PARTS.items():
            values = {getattr(member, known) for member in members} - {""}
            assert {one.value for one in facets[part].largest} == values, query


def test_the_largest_choice_comes_first(people: Path) -> None:
    for facet in count_facets(MemberCriteria()).values():
        assert list(facet.largest) == sorted(facet.largest, key=lambda one: (-one.count, one.value))


def test_what_is_too_much_to_show_is_listed_or_counted(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = count_facets(MemberCriteria())["company"].largest
    monkeypatch.setattr(module, "MOST_SHOWN", 1)
    monkeypatch.setattr(module, "MOST_LISTED", 2)
    facet = count_facets(MemberCriteria())["company"]
    assert (facet.largest, facet.rest, facet.left_out) == (whole[:1], whole[1:2], len(whole) - 2)
    assert len(whole) == 3


# Counts without a criterion


def test_it_says_how_many_there_would_be_without_a_condition(people: Path) -> None:
    for query in (*QUERIES, *IN_ROOMS):
        filters = filters_of(query)
        expected = {chip.name: len(found(chip.rest)) for chip in filters.chips}
        assert count_without(filters.criteria) == {name: count for name, count in expected.items() if count}, query
