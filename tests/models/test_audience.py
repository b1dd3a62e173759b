"""Who is reading, and which rooms that opens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from chatlogs.models import Alias, Day, Image, Link, Member, Mention, MentionedName, Message, Room
from chatlogs.models.audience import Audience, cached_per_request, current_audience, set_audience
from chatlogs.models.rooms import get_room_access
from chatlogs.queries.timelines import read_timeline
from tests.readers import make_private, one_request, turn

Visibility = Room.Visibility
MODELS = [Alias, Day, Image, Link, Member, Mention, MentionedName, Message, Room]

with_models = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
with_doors = pytest.mark.parametrize("door", ["visible", "listed"])


def behind(model: type, door: str) -> QuerySet[Room]:
    rows: QuerySet[Room] = getattr(getattr(model, "objects"), door)()  # noqa: B009
    return rows


@pytest.fixture
def rooms(archive: object) -> None:
    """One of the two has an image and a link; there are mentions in both."""
    for message in Message.objects.filter(text__in=["早上好[强]", "另一个群"]):
        alias = message.alias
        name = MentionedName.objects.create(room=message.room, text=message.text, normalised_text="", alias=alias)
        Mention.objects.create(message=message, start=0, stop=1, name=name)


def test_nobody_in_particular_belongs_to_no_group() -> None:
    assert current_audience() == Audience(frozenset(), enters_all_private=False)


def test_one_thread_knows_nothing_of_anothers_reader() -> None:
    with one_request(Audience(enters_all_private=True)), ThreadPoolExecutor(1) as pool:
        assert pool.submit(current_audience).result() == Audience()


def test_a_group_opens_its_rooms_alone() -> None:
    reader = Audience(frozenset({3}))
    assert [reader.may_enter_private(group) for group in (3, 4, None)] == [True, False, False]


def test_what_one_found_out_is_not_asked_again() -> None:
    reader, asked = Audience(), []
    assert [reader.once("answer", lambda: asked.append(1) or 42) for _ in range(2)] == [42, 42]  # type: ignore[func-returns-value]
    assert asked == [1]


def test_readers_alike_find_out_for_themselves() -> None:
    first, second = Audience(), Audience()
    first.once("answer", lambda: 42)
    assert second.once("answer", lambda: 43) == 43


def test_the_same_arguments_find_out_the_same_as_long_as_a_request_lasts() -> None:
    asked = []

    @cached_per_request
    def find_double(number: int) -> int:
        asked.append(number)
        return 2 * number

    for _ in range(2):
        with one_request():
            assert [find_double(number) for number in (1, 1, 2)] == [2, 2, 4]
    assert asked == [1, 2, 1, 2]


@with_doors
@with_models
def test_where_all_rooms_are_public_no_query_has_a_condition_on_them(model: type, door: str, rooms: None) -> None:
    sql = str(behind(model, door).query).partition("WHERE")[2]
    assert "room" not in sql
    assert "visibility" not in sql


@with_models
def test_rooms_are_looked_at_once_for_a_request(
    model: type, rooms: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    turn("tea-room", Visibility.PRIVATE)
    with one_request(), django_assert_num_queries(3):
        for _ in range(2):
            list(behind(model, "visible"))


def test_outside_of_requests_a_change_holds_at_once(rooms: None) -> None:
    assert Room.objects.visible().count() == 2
    turn("tea-room", Visibility.HIDDEN)
    assert Room.objects.visible().count() == 1


@with_doors
@with_models
def test_a_closed_room_has_nothing_to_see(model: type, door: str, rooms: None) -> None:
    before = behind(model, door).count()
    turn("tea-room", Visibility.HIDDEN)
    one_left = behind(model, door).count()
    turn("wine-room", Visibility.PRIVATE)
    assert 0 == behind(model, door).count() <= one_left < before


@with_models
def test_what_is_unlisted_is_visible_and_not_listed(model: type, rooms: None) -> None:
    before = behind(model, "visible").count()
    turn("tea-room", Visibility.UNLISTED)
    turn("wine-room", Visibility.UNLISTED)
    assert (behind(model, "visible").count(), behind(model, "listed").count()) == (before, 0)


@with_doors
@with_models
def test_who_may_enter_a_private_room_sees_all_of_it(model: type, door: str, rooms: None) -> None:
    before = behind(model, door).count()
    group = make_private("tea-room")
    with one_request(Audience(frozenset({group.pk}))):
        assert behind(model, door).count() == before


@pytest.mark.parametrize("visibility", [Visibility.HIDDEN, Visibility.PRIVATE])
def test_entrances_say_what_is_closed(visibility: Visibility, rooms: None) -> None:
    room = turn("tea-room", visibility)
    access = get_room_access()
    assert [*access.closed, *access.unlisted] == [room.pk]
    assert not access.is_all_listed


def test_who_enters_all_private_rooms_enters_no_hidden_one(rooms: None) -> None:
    room = turn("tea-room", Visibility.HIDDEN)
    make_private("wine-room")
    with one_request(Audience(enters_all_private=True)):
        assert get_room_access().closed == {room.pk}


def test_the_audience_can_be_forgotten() -> None:
    set_audience(Audience(enters_all_private=True))
    set_audience(None)
    assert current_audience() == Audience()


def test_the_timeline_costs_five_queries(rooms: None) -> None:
    day = Day.objects.get(room__slug="tea-room", date="2018-03-27")
    with one_request():
        get_room_access()
        with CaptureQueriesContext(connection) as queries:
            read_timeline(day)
    assert len(queries) == 5
