"""Tests of filters: form fields and operators are equivalent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatlogs.models import Alias, Member, Room
from chatlogs.search.conditions import Conditions
from chatlogs.web.filters import LONGEST_TEXT, MOST_ITEMS, MessageFilter
from tests.search.test_syntax import TYPED


def filters_of(**parameters: str) -> MessageFilter:
    data = QueryDict(mutable=True)
    data.update(parameters)
    return MessageFilter(data)


def conditions_of(**parameters: str) -> Conditions:
    filters = filters_of(**parameters)
    assert filters.is_valid(), filters.errors
    return filters.conditions


def key_of(name: str) -> str:
    return Member.objects.filter(aliases__name=name)[0].key


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("from:云杉 来自：老陆", {"sender": "云杉", "q": "from:老陆"}),
        ("from:ＹＵＮ", {"sender": "yun"}),
        ('发言人:"乔木 100%"', {"sender": "乔木 100%"}),
        ("room:tea-room", {"room": "tea-room"}),
        ("群：TEA-room", {"room": "tea-room"}),
        ("mentions:老陆", {"mentions": "老陆"}),
        ("提到：@老陆", {"mentions": "老陆"}),
        ("提到:＠老陆", {"mentions": "@老陆"}),
        ("after:2018-03-11", {"since": "2018-03-11"}),
        ("自:2018-03", {"since": "2018-03-01"}),
        ("之后：2018年", {"since": "2018-01-01"}),
        ("before:2018-03-11", {"until": "2018-03-10"}),
        ("早于:2018-03", {"until": "2018-02-28"}),
        ("之前：2018年", {"until": "2017-12-31"}),
        ("on:2018-03-11", {"since": "2018-03-11", "until": "2018-03-11"}),
        ("日期：2018/3", {"since": "2018-03-01", "until": "2018-03-31"}),
        ("日期:２０１８", {"since": "2018-01-01", "until": "2018-12-31"}),
        ("after:2018-01 before:2018-04", {"since": "2018-01-01", "until": "2018-03-31"}),
        ("has:link", {"has": "link"}),
        ("含：图片", {"has": "image"}),
        ("kind:file", {"kind": "file"}),
        ("类型:文件", {"kind": "file"}),
    ],
)
def test_an_operator_means_what_its_field_means(typed: str, fields: dict[str, str], hostile_archive: Path) -> None:
    assert conditions_of(q=typed) == conditions_of(**fields)


@pytest.mark.parametrize("name", ["room", "sender", "mentions", "kind", "has", "since", "until", "member", "q"])
def test_every_field_asks_for_something(name: str, hostile_archive: Path) -> None:
    values = {"room": "tea-room", "kind": "text", "has": "image", "member": key_of("汤圆")}
    values |= dict.fromkeys(("since", "until"), "2018-03-11")
    assert conditions_of(**{name: values.get(name, "周可")})


def test_the_order_asks_for_nothing(hostile_archive: Path) -> None:
    assert not conditions_of(sort="oldest")


@pytest.mark.parametrize("typed", ["", " ", "\u3000", "\u200b", '""'])
def test_what_cannot_be_seen_asks_for_nothing(typed: str, hostile_archive: Path) -> None:
    assert not conditions_of(q=typed)


# Filters given twice


def test_of_several_dates_the_narrowest_hold(hostile_archive: Path) -> None:
    conditions = conditions_of(q="after:2018-02 before:2018-12 on:2018", since="2018-03-05", until="2018-11-30")
    assert (conditions.since, conditions.until) == (dt.date(2018, 3, 5), dt.date(2018, 11, 30))


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "群:tea-room", "room": "wine-room"},
        {"q": "kind:file", "kind": "text"},
        {"q": "has:image kind:text"},
        {"q": "from:汤圆", "sender": "周可"},
        {"q": "on:2018 on:2017"},
        {"sender": "谁"},
    ],
)
def test_what_contradicts_itself_cannot_be(parameters: dict[str, str], hostile_archive: Path) -> None:
    assert conditions_of(**parameters).are_impossible


def test_a_members_names_in_all_rooms_are_theirs(hostile_archive: Path) -> None:
    member = Member.objects.get(key=key_of("汤圆"))
    names = Alias.objects.filter(member=member)
    assert conditions_of(member=member.key).aliases == frozenset(name.pk for name in names)


def test_a_room_is_found_by_a_part_of_its_title(hostile_archive: Path) -> None:
    Room.objects.filter(slug="tea-room").update(title="茶馆 Ｔea")
    assert conditions_of(q="群:茶馆") == conditions_of(q="room:tea") == conditions_of(room="tea-room")


# Invalid values


@pytest.mark.parametrize(
    ("typed", "is_valid"),
    [
        ("长" * LONGEST_TEXT, True),
        ("长" * (LONGEST_TEXT + 1), False),
        (" ".join("好" * MOST_ITEMS), True),
        (" ".join("好" * (MOST_ITEMS + 1)), False),
        ("a\x00b", False),
    ],
)
def test_too_much_at_once_is_refused(typed: str, is_valid: bool, db: None) -> None:
    filters = filters_of(q=typed)
    assert filters.is_valid() is is_valid
    assert ("q" in filters.errors) is not is_valid


def test_of_a_wrong_field_nothing_is_asked(db: None) -> None:
    filters = filters_of(since="morgen", kind="song", q="好")
    assert not filters.is_valid()
    assert filters.conditions == conditions_of(q="好")


# Any input


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(TYPED, st.text(max_size=LONGEST_TEXT)))
def test_nothing_that_is_typed_raises(db: None, typed: str) -> None:
    filters = filters_of(q=typed, sender=typed, mentions=typed, since=typed, room=typed, member=typed)
    filters.is_valid()
    assert isinstance(filters.conditions, Conditions)
    assert isinstance(filters.chips, list)
    assert isinstance(filters.misread, list)


@pytest.mark.parametrize("typed", ["before:1000-01-01", "after:2999", "on:1000 on:2999", "before:1000"])
def test_dates_at_the_ends_of_the_calendar_are_dates(typed: str, db: None) -> None:
    assert conditions_of(q=typed)


# Links to other searches


def test_each_chip_takes_one_condition_away(hostile_archive: Path) -> None:
    filters = filters_of(q="支付 -通道", room="tea-room", sort="oldest")
    assert [chip.rest.dict() for chip in filters.chips] == [
        {"q": "-通道", "room": "tea-room", "sort": "oldest"},
        {"q": "支付", "room": "tea-room", "sort": "oldest"},
        {"q": "支付 -通道", "sort": "oldest"},
    ]


def test_with_other_values_the_place_in_the_list_is_forgotten(db: None) -> None:
    filters = filters_of(q="支付", older="20180327-000000000000", counts="all", nonsense="1")
    assert filters.with_values(room="tea-room").dict() == {"q": "支付", "room": "tea-room"}


def test_a_narrower_span_stays_within_the_one_there_was(db: None) -> None:
    filters = filters_of(since="2018-03-05", until="2018-11-30")
    assert filters.within(dt.date(2018, 1, 1), dt.date(2018, 3, 31)).dict() == {
        "since": "2018-03-05",
        "until": "2018-03-31",
    }
