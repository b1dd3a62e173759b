"""Tests of members: figures, keys and activity."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.http import Http404

from chatlogs.models import Alias, Day, Member, Mention, MentionedName, Message, Room
from chatlogs.people import merging
from chatlogs.queries.member_activity import find_active_years, find_companions, find_talks, share_by_room
from chatlogs.queries.members import find_members, find_names, get_member
from tests.importing.archives import hide_key
from tests.transcripts.making import message, write_transcript
from tests.worlds import import_once

SPRING, SUMMER, WINTER = dt.date(2017, 3, 27), dt.date(2018, 7, 2), dt.date(2019, 1, 5)
OLD, NEW, BARE = "江月-云杉支付-产品-杭州", "江月-青禾银行", "江月亮"
LU, GUEST = "陆一鸣-云杉支付", "汤圆"


@pytest.fixture
def people(db: None, tmp_path: Path) -> Path:
    """江月 with three names, oldest first, and a guest in another room."""
    write_transcript(
        tmp_path,
        "tea-room",
        SPRING,
        *(message(f"09:00:0{n}", OLD, f"早{n}") for n in range(3)),
        message("10:00:00", LU, "好"),
    )
    write_transcript(tmp_path, "tea-room", SUMMER, message("09:00:00", NEW, "夏天"), message("09:01:00", LU, "热"))
    write_transcript(tmp_path, "wine-room", WINTER, message("09:00:00", BARE, "冬天"), message("09:01:00", GUEST, "冷"))
    import_once(tmp_path)
    for name in (NEW, BARE):
        merging.merge(owner_of(name), owner_of(OLD), by=None, reason="同一人")
    return tmp_path


def owner_of(name: str) -> Member:
    return Member.objects.get(aliases__name=name)


def found(name: str, room: str | None = None) -> Member:
    member: Member = find_members(Room.objects.get(slug=room) if room else None).get(pk=owner_of(name).pk)
    return member


def figures_of(member: object) -> tuple[object, ...]:
    return tuple(getattr(member, name) for name in ("message_count", "first_seen", "last_seen"))


def known_of(member: object) -> tuple[object, ...]:
    return tuple(getattr(member, f"known_{part}") for part in ("company", "role", "city"))


def hide_all(name: str) -> None:
    for hidden in Message.objects.filter(alias__name=name):
        hide_key(hidden.key)


# Figures


def test_figures_are_of_all_names(people: Path) -> None:
    assert figures_of(found(OLD)) == (5, SPRING, WINTER)


def test_with_a_room_figures_are_of_the_names_in_it(people: Path) -> None:
    assert figures_of(found(OLD, "tea-room")) == (4, SPRING, SUMMER)
    assert figures_of(found(OLD, "wine-room")) == (1, WINTER, WINTER)


def test_with_a_room_there_are_only_those_who_spoke_in_it(people: Path) -> None:
    in_room = find_members(Room.objects.get(slug="wine-room"))
    assert {member.pk for member in in_room} == {owner_of(BARE).pk, owner_of(GUEST).pk}


def test_a_name_under_which_nothing_can_be_read_adds_nothing(people: Path) -> None:
    Alias.objects.filter(name=BARE).update(message_count=0)
    assert figures_of(found(OLD)) == (4, SPRING, SUMMER)


def test_whoever_has_nothing_to_read_is_not_found(people: Path) -> None:
    hide_all(GUEST)
    assert owner_of(GUEST).pk not in {member.pk for member in find_members()}


# Company, role and city


def test_each_part_comes_from_the_newest_name_that_has_it(people: Path) -> None:
    assert known_of(found(OLD)) == ("青禾银行", "产品", "杭州")


def test_with_a_room_the_parts_are_those_of_the_person(people: Path) -> None:
    assert known_of(found(OLD, "wine-room")) == ("青禾银行", "产品", "杭州")


def test_what_moderators_say_goes_before_what_names_tell(people: Path) -> None:
    Member.objects.filter(pk=owner_of(OLD).pk).update(company="长庚证券")
    assert known_of(found(OLD)) == ("长庚证券", "产品", "杭州")


def test_nothing_is_told_by_a_name_under_which_nothing_can_be_read(people: Path) -> None:
    hide_all(NEW)
    assert known_of(found(OLD)) == ("云杉支付", "产品", "杭州")


def test_a_part_that_no_name_has_is_empty(people: Path) -> None:
    assert known_of(found(GUEST)) == ("", "", "")


# Keys


def first_member_of(name: str) -> Member:
    return Member.objects.get(first_alias__name=name)


def test_a_key_leads_to_its_member(people: Path) -> None:
    assert get_member(owner_of(OLD).key) == owner_of(OLD)


def test_the_key_of_a_member_without_names_leads_to_the_member_that_has_them(people: Path) -> None:
    assert get_member(first_member_of(NEW).key) == owner_of(OLD)


def test_it_leads_there_at_once_after_a_second_merge(people: Path) -> None:
    merging.merge(owner_of(OLD), owner_of(LU), by=None, reason="同一人")
    assert get_member(first_member_of(NEW).key) == owner_of(LU)


def test_it_leads_nowhere_if_that_one_has_nothing_to_read(people: Path) -> None:
    Alias.objects.filter(member=owner_of(OLD)).update(message_count=0)
    with pytest.raises(Http404):
        get_member(first_member_of(NEW).key)


def test_a_member_with_names_but_nothing_to_read_leads_nowhere(people: Path) -> None:
    """Not to the member with the first name: the other names still belong to this member."""
    first = owner_of(OLD)
    merging.move([Alias.objects.get(name=OLD)], owner_of(LU), by=None, reason="另一人")
    Alias.objects.filter(member=first).update(message_count=0)
    with pytest.raises(Http404):
        get_member(first.key)


def test_the_newest_name_comes_first(people: Path) -> None:
    assert [name.name for name in find_names(owner_of(OLD))] == [BARE, NEW, OLD]


# Dates and rooms


def test_messages_are_counted_by_day_month_and_year(people: Path) -> None:
    years = find_active_years(owner_of(OLD))
    assert [(year.number, year.message_count, year.days) for year in years] == [
        (2019, 1, {WINTER: 1}),
        (2018, 1, {SUMMER: 1}),
        (2017, 3, {SPRING: 3}),
    ]
    assert [month.message_count for month in years[2].months] == [0, 0, 3, *[0] * 9]


def test_months_end_with_their_last_day(people: Path) -> None:
    months = find_active_years(owner_of(OLD))[0].months
    assert (months[1].first, months[1].last) == (dt.date(2019, 2, 1), dt.date(2019, 2, 28))


def test_hidden_messages_are_not_counted(people: Path) -> None:
    hide_key(Message.objects.get(text="早1").key)
    assert find_active_years(owner_of(OLD))[-1].days == {SPRING: 2}


def test_the_room_with_most_messages_comes_first(people: Path) -> None:
    shares = share_by_room(find_names(owner_of(OLD)))
    assert [(share.room.slug, share.message_count) for share in shares] == [("tea-room", 4), ("wine-room", 1)]


# Companions


def mention(text: str, name: str | None, times: int = 1) -> None:
    """Add a mention to the message with this text, of the alias, or of an unknown name (None)."""
    where = Message.objects.get(text=text)
    alias = Alias.objects.get(name=name) if name else None
    meant = MentionedName.objects.create(room=where.room, text=f"{text}{name}", normalised_text=text, alias=alias)
    start = where.mentions.count()
    Mention.objects.bulk_create(
        Mention(message=where, start=start + number, stop=start + number + 1, name=meant) for number in range(times)
    )


def companions_of(name: str) -> list[tuple[Member, int, int]]:
    return [(one.member, one.mentioned, one.mentioning) for one in find_companions(owner_of(name))]


def test_mentions_are_counted_in_both_directions(people: Path) -> None:
    mention("早0", LU, times=2)
    mention("夏天", LU)
    mention("热", NEW)
    mention("热", OLD)
    assert companions_of(OLD) == [(owner_of(LU), 3, 2)]
    assert companions_of(LU) == [(owner_of(OLD), 2, 3)]


def test_those_with_most_mentions_come_first(people: Path) -> None:
    mention("早0", LU)
    mention("冷", BARE, times=2)
    assert [member for member, _, _ in companions_of(OLD)] == [owner_of(GUEST), owner_of(LU)]


def test_neither_themselves_nor_nobody_are_companions(people: Path) -> None:
    mention("早0", NEW)
    mention("早1", None)
    assert companions_of(OLD) == []


def test_mentions_in_hidden_messages_do_not_count(people: Path) -> None:
    mention("早0", LU)
    mention("热", OLD)
    hide_key(Message.objects.get(text="早0").key)
    hide_key(Message.objects.get(text="热").key)
    assert companions_of(OLD) == []


def test_whoever_has_nothing_to_read_is_no_companion(people: Path) -> None:
    mention("早0", GUEST)
    hide_all(GUEST)
    assert companions_of(OLD) == []


# Talks


def test_talks_are_those_of_all_names_the_newest_first(people: Path) -> None:
    Day.objects.filter(date=SPRING).update(speaker=Alias.objects.get(name=OLD))
    Day.objects.filter(date=WINTER).update(speaker=Alias.objects.get(name=BARE))
    Day.objects.filter(date=SUMMER).update(speaker=Alias.objects.get(name=LU))
    assert [day.date for day in find_talks(owner_of(OLD))] == [WINTER, SPRING]


def test_a_talk_under_a_name_without_readable_messages_is_not_listed(people: Path) -> None:
    Day.objects.filter(date=WINTER).update(speaker=Alias.objects.get(name=BARE))
    hide_all(BARE)
    assert not find_talks(owner_of(OLD))
