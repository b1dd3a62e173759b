"""Merging by evidence in the transcripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from chatlogs.models import Alias, ModerationAction, Room
from chatlogs.people import join_by_evidence, merging, suggest, suggestions
from tests.importing.archives import ROOM, import_tree
from tests.people.people import alias, are_one, days_later, import_day, member, speakers, suggestion, write_day
from tests.transcripts.making import DAY, link_b, message, write_transcript

CHEN, LU, TANG = "陈江月", "陆鸣", "汤圆"
LONG_CHEN = "陈江月-青禾支付"


def reasons() -> list[str]:
    return list(ModerationAction.objects.order_by("pk").values_list("reason", flat=True))


# The same name except for punctuation


@pytest.mark.parametrize("other", ["陈江月。", " 陈江月", "陈 江 月", "「陈江月」"])
def test_names_that_differ_in_signs_are_one_persons(tree: Path, db: None, other: str) -> None:
    import_day(tree, CHEN, other, LU)
    assert Alias.objects.filter(member=member(CHEN)).count() == 2
    assert reasons() == ["same-name"]


def test_names_that_differ_in_width_and_case_are_one_persons(tree: Path, db: None) -> None:
    import_day(tree, "Mia", "ＭＩＡ", LU)
    assert are_one("Mia", "ＭＩＡ")


def test_the_evidence_counts_the_day_again(tree: Path, db: None) -> None:
    import_day(tree, CHEN, "陈江月。", LU)
    assert speakers() == 2


def test_names_that_differ_in_a_word_are_not_proven_one(tree: Path, db: None) -> None:
    import_day(tree, CHEN, LONG_CHEN)
    assert not are_one(CHEN, LONG_CHEN)


def test_the_same_name_in_another_room_is_not_proven_one(tree: Path, db: None) -> None:
    import_day(tree, CHEN)
    import_day(tree, CHEN, room="porch")
    assert member(CHEN) != member(CHEN, "porch")


def test_the_member_with_the_oldest_name_gets_the_others(tree: Path, db: None) -> None:
    import_day(tree, CHEN)
    oldest = member(CHEN)
    import_day(tree, "陈江月。", date=days_later(1))
    assert member("陈江月。") == oldest


# Doubled messages


def import_doubles(tree: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Import a day of two merged exports with different names for each message."""
    lines = [
        message(f"09:{number:02}:00", name, f"说到{number}") for number, names in enumerate(pairs) for name in names
    ]
    write_transcript(tree, ROOM, DAY, *lines)
    import_tree(tree)


def test_names_doubled_twice_are_one_persons(tree: Path, db: None) -> None:
    import_doubles(tree, [(CHEN, "月亮")] * 2)
    assert are_one(CHEN, "月亮")
    assert reasons() == ["doubled"]


def test_names_doubled_once_are_not_proven_one(tree: Path, db: None) -> None:
    import_doubles(tree, [(CHEN, "月亮"), (LU, "小陆")])
    assert not are_one(CHEN, "月亮")


def test_names_of_which_one_is_doubled_more_often_by_another_are_not_proven_one(tree: Path, db: None) -> None:
    import_doubles(tree, [(CHEN, "月亮")] * 2 + [(LU, "月亮")] * 3)
    assert are_one(LU, "月亮")
    assert not are_one(CHEN, "月亮")


def test_a_name_doubled_by_two_alike_proves_neither(tree: Path, db: None) -> None:
    import_doubles(tree, [(CHEN, "月亮")] * 2 + [(LU, "月亮")] * 2)
    assert not are_one(CHEN, "月亮")
    assert not are_one(LU, "月亮")


def test_what_both_phones_call_their_owner_is_nobodys_double(tree: Path, db: None) -> None:
    import_doubles(tree, [("我", CHEN)] * 3)
    assert not are_one("我", CHEN)


# Accounts


def import_accounts(tree: Path, *senders: str, on: int = 0, account: str = "wxid_sample0000000z") -> None:
    """Import a day with links that contain the accounts of these senders."""
    lines = []
    for number, sender in enumerate(senders):
        link = link_b("一篇文章", f"https://read.example.com/{on}/{number}", account)
        lines += [message(f"09:{number:02}:00", TANG, link), message(f"09:{number:02}:01", sender, f"看过{number}")]
    write_transcript(tree, ROOM, days_later(on), *lines)
    import_tree(tree)


def test_names_with_one_account_are_one_persons(tree: Path, db: None) -> None:
    import_accounts(tree, CHEN)
    import_accounts(tree, "月亮", on=1)
    assert are_one(CHEN, "月亮")
    assert reasons() == ["account"]


def test_names_with_two_accounts_are_not_proven_one(tree: Path, db: None) -> None:
    import_accounts(tree, CHEN)
    import_accounts(tree, "月亮", on=1, account="wxid_sample0000000y")
    assert not are_one(CHEN, "月亮")


def test_a_name_is_joined_with_its_account_that_spoke_namelessly(tree: Path, db: None) -> None:
    import_accounts(tree, CHEN)
    import_accounts(tree, "wxid_sample0000000z]]>", on=1)
    nameless = Alias.objects.get(name="")
    assert nameless.member == member(CHEN)


def test_names_with_one_account_that_spoke_on_one_day_are_not_proven_one(tree: Path, db: None) -> None:
    import_accounts(tree, CHEN, "月亮")
    assert not are_one(CHEN, "月亮")


def test_a_day_that_both_spoke_on_elsewhere_contradicts_the_account(tree: Path, db: None) -> None:
    write_day(tree, days_later(5), CHEN, "月亮")
    import_accounts(tree, CHEN)
    import_accounts(tree, "月亮", on=1)
    assert not are_one(CHEN, "月亮")


# The exporter


def test_the_exporters_name_is_joined_when_it_first_appears(tree: Path, db: None) -> None:
    import_day(tree, LU)
    merging.set_exporter(Room.objects.get(), member(LU), by=None, reason="")
    import_day(tree, "我", date=days_later(1))
    assert are_one("我", LU)
    assert reasons() == ["exporter"]


def test_the_exporters_name_in_another_room_is_not_proven_the_same(tree: Path, db: None) -> None:
    import_day(tree, LU)
    merging.set_exporter(Room.objects.get(), member(LU), by=None, reason="")
    import_day(tree, "我", room="porch")
    assert member("我", "porch") != member(LU)


# Later imports


def test_merged_names_stay_merged_after_another_import(tree: Path, db: None) -> None:
    import_day(tree, CHEN, LU)
    merging.merge(member(LU), member(CHEN), by=None, reason="")
    import_day(tree, CHEN, LU, TANG, date=days_later(1))
    assert are_one(CHEN, LU)
    assert speakers(days_later(1)) == 2


def test_a_day_read_again_leaves_merged_names_merged(tree: Path, db: None) -> None:
    import_day(tree, CHEN, LU)
    merging.merge(member(LU), member(CHEN), by=None, reason="")
    import_day(tree, CHEN, LU, TANG)
    assert are_one(CHEN, LU)
    assert speakers() == 2


def test_evidence_is_joined_once(tree: Path, db: None) -> None:
    import_day(tree, CHEN, "陈江月。")
    assert join_by_evidence() == 0


def test_a_refused_pair_is_not_joined(tree: Path, db: None, moderator: User) -> None:
    import_accounts(tree, CHEN, LONG_CHEN)
    suggestions.refuse(suggestion(CHEN, LONG_CHEN), by=moderator)
    import_doubles(tree, [(CHEN, LONG_CHEN)] * 3)
    assert not are_one(CHEN, LONG_CHEN)


def test_a_pair_of_members_of_whom_two_names_are_refused_is_not_joined(tree: Path, db: None) -> None:
    import_day(tree, CHEN, "陈江月。", LU)
    merging.split([alias("陈江月。")], by=None, reason="")
    merging.merge(member(LU), member(CHEN), by=None, reason="")
    import_day(tree, "「陈江月」", date=days_later(1))
    assert not are_one(CHEN, "陈江月。")


def test_what_evidence_joins_is_no_suggestion(tree: Path, db: None) -> None:
    import_day(tree, CHEN, "陈江月。")
    assert suggest() == 0
