"""Moving names between members, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from chatlogs.audit import ActionRefused, locked_archive
from chatlogs.models import Alias, Archive, Day, Member, ModerationAction, Room, Suggestion
from chatlogs.people import AliasBook, OptedOut, Speaker, join_by_evidence, merging
from tests.examples import examples
from tests.people.people import (
    alias,
    are_one,
    days_later,
    import_day,
    import_day_once,
    member,
    owners,
    refused,
    revision,
    speakers,
    write_day,
)

CHEN, LU, TANG, MIA = "陈江月", "陆鸣", "汤圆", "Mia"
NEXT = days_later(1)

ActionKind = ModerationAction.Kind


@pytest.fixture
def four(tree: Path, db: None) -> Path:
    """Four members with messages on the first day; 汤圆 and Mia also on the second."""
    write_day(tree, NEXT, TANG, MIA)
    import_day_once(tree, CHEN, CHEN, LU, TANG, MIA)
    return tree


def merge(one: str, into: str) -> ModerationAction:
    return merging.merge(member(one), member(into), by=None, reason="一个人")


def move(*names: str, to: str) -> ModerationAction:
    return merging.move([alias(name) for name in names], member(to), by=None, reason="认错了")


def split(*names: str) -> ModerationAction:
    return merging.split([alias(name) for name in names], by=None, reason="两个人")


def undo(action: ModerationAction) -> ModerationAction:
    return merging.undo(action, by=None, reason="弄错了")


# Merging


def test_all_names_of_a_merged_member_are_the_others(four: Path) -> None:
    merge(LU, CHEN)
    merge(CHEN, TANG)
    assert are_one(CHEN, LU, TANG)
    assert not are_one(CHEN, MIA)


def test_the_log_of_a_merge_has_moderator_reason_and_changes(four: Path, moderator: User) -> None:
    lu, chen = member(LU), member(CHEN)
    action = merging.merge(lu, chen, by=moderator, reason="同一个人")
    action.refresh_from_db()
    assert (action.kind, action.actor, action.actor_name, action.reason) == (
        ActionKind.MERGE,
        moderator,
        "he",
        "同一个人",
    )
    assert action.changes == [{"name": lu.key, "from": lu.key, "to": chen.key}]


def test_a_merge_counts_the_day_again_at_once(four: Path) -> None:
    assert speakers() == 4
    merge(LU, CHEN)
    assert speakers() == 3


def test_a_merge_raises_the_revisions_of_what_shows_the_names(four: Path) -> None:
    before = revision(), revision(NEXT), Archive.objects.get().revision
    merge(LU, CHEN)
    assert revision() > before[0]
    assert revision(NEXT) == before[1]
    assert Archive.objects.get().revision > before[2]


def test_the_day_on_which_a_merged_name_is_mentioned_changes(four: Path) -> None:
    import_day(four, (MIA, f"@{LU} 在吗"), date=days_later(2))
    before = revision(days_later(2))
    merge(LU, CHEN)
    assert revision(days_later(2)) > before


def test_a_merged_member_is_called_by_the_name_with_the_most_messages(four: Path) -> None:
    merge(CHEN, LU)
    assert member(LU).name == CHEN


def test_a_member_cannot_be_merged_with_itself(four: Path) -> None:
    with pytest.raises(ActionRefused):
        merge(LU, LU)


def test_a_member_without_names_cannot_be_merged(four: Path) -> None:
    gone = member(LU)
    merge(LU, CHEN)
    with pytest.raises(ActionRefused):
        merging.merge(gone, member(TANG), by=None, reason="")


def test_what_is_refused_changes_nothing(four: Path) -> None:
    before = Archive.objects.get().revision
    with pytest.raises(ActionRefused):
        merge(LU, LU)
    assert Archive.objects.get().revision == before
    assert not ModerationAction.objects.exists()


# Moving


def test_a_moved_name_leaves_the_others_behind(four: Path) -> None:
    merge(LU, CHEN)
    move(LU, to=TANG)
    assert are_one(LU, TANG)
    assert not are_one(LU, CHEN)


def test_a_name_that_was_moved_since_it_was_read_is_moved_from_where_it_is(four: Path) -> None:
    read_before = alias(LU)
    merge(LU, CHEN)
    action = merging.move([read_before], alias(LU).origin, by=None, reason="")
    assert (action.changes[0]["from"], action.changes[0]["to"]) == (member(CHEN).key, member(LU).key)


def test_a_name_cannot_be_moved_to_where_it_is(four: Path) -> None:
    with pytest.raises(ActionRefused):
        move(LU, to=LU)


# Splitting


def test_a_split_name_comes_back_to_its_own_member(four: Path) -> None:
    own = member(LU)
    merge(LU, CHEN)
    split(LU)
    assert member(LU) == own
    assert member(LU).name == LU


def test_the_address_stays_with_the_name_that_it_was_made_with(four: Path) -> None:
    chen, lu = member(CHEN), member(LU)
    merge(LU, CHEN)
    split(CHEN)
    assert (member(CHEN), member(LU)) == (chen, lu)


def test_names_split_off_together_stay_together(four: Path) -> None:
    merge(LU, CHEN)
    merge(TANG, CHEN)
    split(LU, TANG)
    assert are_one(LU, TANG)
    assert not are_one(LU, CHEN)


def test_a_split_counts_the_day_again_at_once(four: Path) -> None:
    merge(LU, CHEN)
    split(LU)
    assert speakers() == 4


def test_a_member_keeps_a_name(four: Path) -> None:
    with pytest.raises(ActionRefused):
        split(LU)


def test_only_names_of_one_member_are_split_off(four: Path) -> None:
    with pytest.raises(ActionRefused):
        split(LU, CHEN)


def test_a_split_name_joins_nobody_who_has_taken_its_place(four: Path) -> None:
    lu = member(LU)
    move(LU, to=CHEN)
    merging.move([alias(TANG)], lu, by=None, reason="")
    with pytest.raises(ActionRefused):
        split(LU)
    split(TANG)
    split(LU)
    assert member(LU) == lu
    assert not are_one(LU, TANG)


# Undoing


def test_an_undone_merge_gives_the_names_back(four: Path) -> None:
    before = owners()
    undo(merge(LU, CHEN))
    assert owners() == before
    assert speakers() == 4


def test_an_undo_names_what_it_undoes(four: Path) -> None:
    action = merge(LU, CHEN)
    assert undo(action).undoes == action
    assert ModerationAction.objects.get(pk=action.pk).is_undone


def test_nothing_is_undone_twice(four: Path) -> None:
    action = merge(LU, CHEN)
    undo(action)
    with pytest.raises(ActionRefused):
        undo(action)


def test_an_undone_undo_does_it_again(four: Path) -> None:
    undo(undo(merge(LU, CHEN)))
    assert are_one(LU, CHEN)
    assert speakers() == 3


def test_an_undo_leaves_names_that_went_elsewhere_since(four: Path) -> None:
    merge(LU, CHEN)
    action = merge(CHEN, TANG)
    move(LU, to=MIA)
    undo(action)
    assert are_one(LU, MIA)
    assert not are_one(CHEN, TANG)


def test_where_all_names_went_elsewhere_nothing_is_left_to_undo(four: Path) -> None:
    action = merge(LU, CHEN)
    move(LU, to=MIA)
    with pytest.raises(ActionRefused):
        undo(action)


# Refused pairs


ALIKE = ("陈江月", "陈江月。", "【陈江月】")


@pytest.fixture
def alike(tree: Path, db: None) -> Path:
    import_day_once(tree, *ALIKE, LU, TANG)
    assert are_one(*ALIKE)
    return tree


def test_what_was_split_is_not_joined_by_evidence_again(alike: Path) -> None:
    split(ALIKE[1])
    assert join_by_evidence() == 0
    assert not are_one(*ALIKE[:2])


def test_what_was_moved_away_is_not_joined_by_evidence_again(alike: Path) -> None:
    move(ALIKE[1], to=LU)
    join_by_evidence()
    assert not are_one(*ALIKE[:2])


def test_names_that_evidence_joined_are_all_kept_apart_when_that_is_undone(alike: Path) -> None:
    undo(ModerationAction.objects.get())
    assert refused() == {frozenset(pair) for pair in (ALIKE[:2], ALIKE[1:], ALIKE[::2])}


def test_what_is_merged_again_may_be_joined_again(alike: Path) -> None:
    split(ALIKE[1])
    merge(ALIKE[1], ALIKE[0])
    assert refused() == set()


def test_a_refused_pair_has_its_moderator(alike: Path, moderator: User) -> None:
    merging.split([alias(ALIKE[1])], by=moderator, reason="")
    kept = Suggestion.objects.filter(state=Suggestion.State.REFUSED)
    assert set(kept.values_list("decided_by", flat=True)) == {moderator.pk}


def test_a_name_is_kept_apart_from_none_that_it_was_not_together_with(four: Path) -> None:
    merge(LU, CHEN)
    merge(MIA, TANG)
    merging.move([alias(LU), alias(MIA)], alias(LU).origin, by=None, reason="")
    assert refused() == {frozenset({LU, CHEN}), frozenset({MIA, TANG})}


def test_names_given_back_to_two_members_leave_others_apart(four: Path) -> None:
    merge(LU, CHEN)
    split(LU)
    undo(merging.move([alias(CHEN), alias(LU)], member(TANG), by=None, reason=""))
    assert frozenset({LU, CHEN}) in refused()


# The exporter


@pytest.fixture
def exported(tree: Path, db: None) -> Room:
    import_day_once(tree, "我", LU, TANG)
    return Room.objects.get()


def test_the_exporters_name_is_the_named_members(exported: Room) -> None:
    merging.set_exporter(exported, member(LU), by=None, reason="")
    assert are_one("我", LU)
    assert member(LU).name == LU
    assert speakers() == 2


def test_another_exporter_takes_the_name_away(exported: Room) -> None:
    merging.set_exporter(exported, member(LU), by=None, reason="")
    merging.set_exporter(exported, member(TANG), by=None, reason="")
    assert are_one("我", TANG)
    assert not are_one("我", LU)


def test_without_an_exporter_the_name_is_its_own_again(exported: Room) -> None:
    own = member("我")
    merging.set_exporter(exported, member(LU), by=None, reason="")
    merging.set_exporter(exported, None, by=None, reason="")
    assert member("我") == own
    assert Room.objects.get().exporter is None


def test_setting_the_same_exporter_again_is_not_logged(exported: Room) -> None:
    merging.set_exporter(exported, member(LU), by=None, reason="")
    assert merging.set_exporter(exported, member(LU), by=None, reason="") is None


# Random sequences


NAMES = (CHEN, LU, TANG, MIA, "石榴", "乔木")
Actions = tuple[str, str, str]
DEEDS = st.tuples(st.sampled_from(["merge", "move", "split"]), st.sampled_from(NAMES), st.sampled_from(NAMES))


@pytest.fixture
def six(tree: Path, db: None) -> None:
    write_day(tree, NEXT, *NAMES[2:])
    import_day_once(tree, *NAMES[:4])


@given(sequence=st.lists(DEEDS, max_size=8))
@examples(20)
def test_whatever_is_done_and_undone_ends_where_it_began(six: None, sequence: Sequence[Actions]) -> None:
    with transaction.atomic():
        before = snapshot()
        done = [action for one in sequence if (action := attempt(*one))]
        for action in reversed(done):
            undo(action)
        assert snapshot() == before
        transaction.set_rollback(True)


def attempt(kind: str, one: str, other: str) -> ModerationAction | None:
    try:
        if kind == "split":
            return split(*{one, other})
        return merge(one, other) if kind == "merge" else move(one, to=other)
    except ActionRefused:
        return None


def snapshot() -> Sequence[Any]:
    return (
        owners(),
        list(Member.objects.order_by("pk").values()),
        list(Day.objects.order_by("pk").values_list("pk", "message_count", "member_count")),
    )


# Many members


@given(random=st.randoms(use_true_random=False))
@examples(2)
def test_a_thousand_members_merged_and_parted_again_end_where_they_began(thousand: list[int], random: Random) -> None:
    with transaction.atomic():
        before = snapshot()
        random.shuffle(thousand)
        groups = [thousand[start : start + 5] for start in range(0, 1000, 5)]
        owners_of = dict(Alias.objects.values_list("pk", "member_id"))
        with locked_archive():
            actions = merging.join((dict.fromkeys(others, owners_of[first]), "same-name") for first, *others in groups)
        assert Alias.objects.values("member").distinct().count() == 200
        random.shuffle(actions)
        for action in actions:
            merging.undo(action, by=None, reason="")
        assert snapshot() == before
        assert Suggestion.objects.filter(state=Suggestion.State.REFUSED).count() == 200 * 10
        transaction.set_rollback(True)


@pytest.fixture
def thousand(db: None) -> list[int]:
    """The IDs of a thousand aliases."""
    archive, room = Archive.objects.create(), Room.objects.create(slug="tea-room")
    speakers = [Speaker(f"第{number}位", "") for number in range(1000)]
    return [alias_id for alias_id in AliasBook(archive, room, OptedOut({})).resolve(speakers).values() if alias_id]


def test_undoing_an_exporter_clears_it(exported: Room) -> None:
    action = merging.set_exporter(exported, member(LU), by=None, reason="")
    assert action
    merging.undo(action, by=None, reason="")
    assert Room.objects.get().exporter is None
