"""Display names of members."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatlogs.models import Archive
from chatlogs.people import display_names, merging
from chatlogs.queries.members import find_members
from chatlogs.text.pinyin import make_sort_key
from tests.people.people import days_later, import_day, import_day_once, member, write_day

LU, NEW_LU, OLD_LU = "陆鸣", "陆鸣-青禾银行", "陆小鸣"


@pytest.fixture
def lu(tree: Path, db: None) -> Path:
    """A member with two current names, and an older one with more messages."""
    write_day(tree, days_later(-400), OLD_LU, OLD_LU, OLD_LU, OLD_LU)
    write_day(tree, days_later(-10), LU, LU, LU, "我")
    import_day_once(tree, NEW_LU, NEW_LU)
    for name in (OLD_LU, NEW_LU):
        merging.merge(member(name), member(LU), by=None, reason="")
    return tree


def revision() -> int:
    return Archive.objects.get().revision


def test_of_the_names_in_use_the_one_with_the_most_messages_is_the_members(lu: Path) -> None:
    assert member(LU).name == LU


def test_a_name_that_comes_into_use_more_becomes_the_members(lu: Path) -> None:
    import_day(lu, *[NEW_LU] * 5, date=days_later(1))
    assert member(LU).name == NEW_LU


def test_the_exporters_name_is_not_displayed_if_there_is_another(lu: Path) -> None:
    import_day(lu, *["我"] * 9, date=days_later(2))
    merging.merge(member("我"), member(LU), by=None, reason="")
    assert member(LU).name != "我"


def test_a_moderators_name_beats_the_transcripts(lu: Path) -> None:
    display_names.rename(member(LU), "陆先生")
    import_day(lu, *[NEW_LU] * 9, date=days_later(3))
    assert (member(LU).name, member(LU).is_name_curated) == ("陆先生", True)


def test_a_moderators_name_is_sorted_by_its_sound(lu: Path) -> None:
    display_names.rename(member(LU), "安先生")
    assert member(LU).sort_name == make_sort_key("安先生")


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_name_restores_the_one_of_the_transcripts(lu: Path, nothing: str) -> None:
    display_names.rename(member(LU), "陆先生")
    display_names.rename(member(LU), nothing)
    assert (member(LU).name, member(LU).is_name_curated) == (LU, False)


def test_what_the_transcripts_say_can_be_read_while_a_moderator_says_otherwise(lu: Path) -> None:
    display_names.rename(member(LU), "陆先生")
    assert display_names.read_name(member(LU)) == LU


def test_a_merged_members_name_is_the_one_that_it_had(lu: Path) -> None:
    gone = member("我")
    merging.merge(gone, member(LU), by=None, reason="")
    assert display_names.read_name(gone) == "我"


def test_a_moderators_name_is_a_change_that_readers_see(lu: Path) -> None:
    before = revision()
    display_names.rename(member(LU), "陆先生")
    assert revision() > before


def test_a_name_that_follows_the_transcripts_is_a_change_that_readers_see(lu: Path) -> None:
    display_names.rename(member(LU), "陆先生")
    before = revision()
    display_names.rename(member(LU), "")
    assert revision() > before


def test_names_that_stay_are_no_change(lu: Path) -> None:
    before = revision()
    display_names.refresh_names()
    assert revision() == before


def test_a_moderator_sets_company_role_and_city(lu: Path) -> None:
    before = revision()
    display_names.describe(member(LU), company=" 云杉支付", role="产品", city="杭州 ")
    described = member(LU)
    assert (described.company, described.role, described.city) == ("云杉支付", "产品", "杭州")
    assert revision() > before


def test_what_a_moderator_called_a_merged_member_counts_until_the_split(lu: Path) -> None:
    write_day(lu, days_later(5), "汤圆")
    import_day(lu, LU)
    display_names.rename(member("汤圆"), "汤老师")
    merged = merging.merge(member("汤圆"), member(LU), by=None, reason="")
    assert member(LU).name == "汤老师"
    merging.undo(merged, by=None, reason="")
    assert member(LU).name == LU
    assert member("汤圆").name == "汤老师"


def test_what_a_moderator_said_of_a_merged_member_is_known_of_both(lu: Path) -> None:
    write_day(lu, days_later(5), "汤圆")
    import_day(lu, LU)
    display_names.describe(member("汤圆"), company="沙洲物流", role="", city="厦门")
    merging.merge(member("汤圆"), member(LU), by=None, reason="")
    known = find_members().get(pk=member(LU).pk)
    assert (known.known_company, known.known_city) == ("沙洲物流", "厦门")
