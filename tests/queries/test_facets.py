"""Tests of facets of a search."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter
from pathlib import Path

import pytest
from django.http import QueryDict

from chatlogs.db.timeouts import Clock
from chatlogs.queries import facets as module
from chatlogs.queries import search
from chatlogs.queries.facets import MOST_MEMBERS, Facets, count_by_facet, describe
from chatlogs.queries.search import Search, read_scope
from chatlogs.search.attributes import ATTRIBUTES
from chatlogs.web.filters import MessageFilter
from tests.importing.archives import import_tree
from tests.search.oracle import read_all
from tests.transcripts.making import DAY, message, write_transcript

CLOCK = Clock(3600)
FEW = 3
SURE = [
    "q=支付", "q=-的", "room=far-room&q=a", "has=link", "kind=image&since=2018-01-01", "sender=周可",
    "since=2018-01-01&until=2018-03-31", "q=支付+-的&sort=oldest", "q=日期:2018+群:far-room",
]  # fmt: skip
UNSURE = ["q=支付通道", 'q="ab+b"', "q=支付+-支付通道", "q=支付通道+-api"]

either_way = pytest.mark.parametrize("most", [search.MOST_COUNTED, FEW], ids=["by reading", "by the index"])


@pytest.fixture(autouse=True)
def most_counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the number of messages above which the index counts."""
    if "most" in request.fixturenames:
        monkeypatch.setattr(module, "MOST_COUNTED", request.getfixturevalue("most"))


def countable(most: int) -> list[str]:
    return SURE if most == FEW else SURE + UNSURE


def facets_of(query: str) -> Facets:
    looked_for = search_for(filters_of(query))
    counts = count_by_facet(looked_for)
    assert counts
    return describe(counts, looked_for.scope.rooms)


def search_for(filters: MessageFilter) -> Search:
    return Search(filters.conditions, read_scope(filters.conditions), CLOCK)


def filters_of(query: str) -> MessageFilter:
    return MessageFilter(QueryDict(query))


def found(parameters: QueryDict) -> int:
    filters = MessageFilter(parameters)
    assert filters.is_valid(), filters.errors
    return search_for(filters).count()


@either_way
def test_each_room_leaves_as_many_as_it_says(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        filters = filters_of(query)
        rooms = facets_of(query).rooms
        assert dict(rooms) == {room: found(filters.with_values(room=room.slug)) for room, _ in rooms}


@either_way
def test_each_value_of_an_attribute_leaves_as_many_as_it_says(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        filters = filters_of(query)
        for name, counts in attributes_of(query).items():
            assert counts == {value: found(filters.with_values(**{name: value})) for value in counts}


@either_way
def test_every_attribute_is_counted(most: int, hostile_archive: Path) -> None:
    assert attributes_of("since=2000-01-01").keys() == ATTRIBUTES.keys()


def attributes_of(query: str) -> dict[str, dict[str, int]]:
    return {
        one.attribute.name: {value.value: value.count for value in one.values} for one in facets_of(query).attributes
    }


@either_way
def test_each_member_leaves_as_many_as_they_say(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        filters = filters_of(query)
        members = facets_of(query).members
        assert dict(members) == {member: found(filters.with_values(member=member.key)) for member, _ in members}


@either_way
def test_each_month_leaves_as_many_as_it_says(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        filters = filters_of(query)
        months = {month.first: month.count for year in facets_of(query).years for month in year.months}
        assert months == {first: found(filters.within(first, last_of_month(first))) for first in months}


@either_way
def test_each_year_leaves_as_many_as_it_says(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        filters = filters_of(query)
        years = {year.number: year.count for year in facets_of(query).years}
        assert years == {year: found(filters.within(dt.date(year, 1, 1), dt.date(year, 12, 31))) for year in years}


def last_of_month(first: dt.date) -> dt.date:
    return first.replace(day=monthrange(first.year, first.month)[1])


@either_way
def test_rooms_kinds_and_years_sum_up_to_all(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        facets = facets_of(query)
        sums = (
            sum(number for _, number in facets.rooms),
            sum(attributes_of(query)["kind"].values()),
            sum(year.count for year in facets.years),
            sum(month.count for year in facets.years for month in year.months),
        )
        assert {*sums} == {found(QueryDict(query))}


@either_way
def test_nothing_is_named_that_would_leave_nothing(most: int, hostile_archive: Path) -> None:
    for query in countable(most):
        facets = facets_of(query)
        months = [month.count for year in facets.years for month in year.months]
        assert all(months)
        assert all(number for facet in (facets.rooms, facets.members) for _, number in facet)
        assert all(number for counts in attributes_of(query).values() for number in counts.values())


@either_way
def test_the_largest_comes_first_and_the_newest_month(most: int, hostile_archive: Path) -> None:
    facets = facets_of("q=-的")
    counted = [[number for _, number in facet] for facet in (facets.rooms, facets.members)]
    counted += [[value.count for value in one.values] for one in facets.attributes]
    for numbers in counted:
        assert numbers == sorted(numbers, reverse=True)
    months = [month.first for year in facets.years for month in year.months]
    assert months == sorted(months, reverse=True)


@either_way
def test_the_months_are_the_rooms_own(most: int, hostile_archive: Path) -> None:
    """The same moment is in different years in two time zones."""
    expected = Counter(one.date.replace(day=1) for one in read_all() if one.room == "far-room")
    facets = facets_of("room=far-room")
    assert {month.first: month.count for year in facets.years for month in year.months} == expected


@pytest.mark.parametrize("most", [search.MOST_COUNTED, 28])
def test_no_more_than_the_most_active_members_are_named(most: int, tmp_path: Path, db: None) -> None:
    names = [f"客人{number}" for number in range(MOST_MEMBERS + 5) for _ in range(1 + number // MOST_MEMBERS)]
    said = (message(f"09:{number // 60:02}:{number % 60:02}", name, "早") for number, name in enumerate(names))
    write_transcript(tmp_path, "tea-room", DAY, *said)
    import_tree(tmp_path)
    members = facets_of("q=早").members
    assert len(members) == MOST_MEMBERS
    assert [number for _, number in members[:6]] == [2, 2, 2, 2, 2, 1]


@pytest.mark.parametrize("most", [FEW])
def test_of_too_many_messages_the_senders_of_the_newest_are_named(
    most: int, hostile_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_READ", FEW + 1)
    newest = sorted(read_all(), key=lambda one: one.position)[-FEW - 1 :]
    named = {member.key for member, _ in facets_of("since=2000-01-01").members}
    assert named == {one.member for one in newest if one.member}


@either_way
def test_a_member_with_two_names_is_counted_once(most: int, hostile_archive: Path) -> None:
    members = facets_of("sender=a&q=-的").members
    assert len(members) == len({member.pk for member, _ in members})


def test_more_than_can_be_read_is_not_counted(hostile_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COUNTED", FEW)
    for query in UNSURE:
        assert found(QueryDict(query)) > FEW
        assert count_by_facet(search_for(filters_of(query))) is None


@pytest.mark.parametrize("query", ["q=查无此词", "since=2018-02-01&until=2018-01-01", "since=2030-01-01", "sender=谁"])
def test_of_nothing_nothing_is_counted(query: str, hostile_archive: Path) -> None:
    assert facets_of(query) == Facets([], [], [], [])


def test_what_is_more_than_can_be_counted_is_counted_as_one_more(
    hostile_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query in SURE + UNSURE:
        number = found(QueryDict(query))
        for most, expected in ((number, number), (number - 1, number), (number - 2, number - 1), (FEW, FEW + 1)):
            with monkeypatch.context() as patch:
                patch.setattr(search, "MOST_COUNTED", most)
                assert found(QueryDict(query)) == expected
