"""Merge suggestions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from chatlogs.audit import ActionRefused
from chatlogs.models import ModerationAction, Suggestion
from chatlogs.people import merging, suggest, suggestions
from tests.people.people import alias, are_one, days_later, import_day, import_day_once, member, suggestion, write_day
from tests.people.test_evidence import import_accounts, import_doubles

CHEN, LU, TANG = "陈江月", "陆鸣", "汤圆"
AT_SPRUCE, AT_BANK = "陈江月-云杉支付-产品-杭州", "陈江月-青禾银行-风控-苏州"
QUOTED = "今天的对账文件已经发到邮箱里了"

State = Suggestion.State


def kinds(one: str, other: str) -> dict[str, dict[str, Any]]:
    return {evidence["kind"]: evidence for evidence in suggestion(one, other).evidence}


def are_suggested(one: str, other: str) -> bool:
    pair = {alias(one).pk, alias(other).pk}
    return any(pair == {row.first_id, row.second_id} for row in Suggestion.objects.filter(state=State.OPEN))


# Evidence


def test_the_same_name_in_two_rooms_is_evidence(tree: Path, db: None) -> None:
    import_day(tree, CHEN)
    import_day(tree, "陈江月。", room="porch")
    (found,) = Suggestion.objects.all()
    assert [evidence["kind"] for evidence in found.evidence] == ["same-name"]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (AT_SPRUCE, AT_BANK, "same-rare-name"),
        ("陆鸣-云杉支付-杭州", "陆鸣-青禾银行-苏州", "same-full-name"),
        ("小满-云杉支付-杭州", "小满-青禾银行-苏州", "same-nickname"),
    ],
)
def test_the_same_persons_part_is_evidence(tree: Path, db: None, one: str, other: str, kind: str) -> None:
    import_day(tree, one, date=days_later(-100))
    import_day(tree, other)
    assert set(kinds(one, other)) == {kind}


def test_the_same_company_and_city_are_evidence(tree: Path, db: None) -> None:
    other = "陈江月|云杉支付|运营|杭州"
    import_day(tree, AT_SPRUCE, date=days_later(-100))
    import_day(tree, other)
    assert set(kinds(AT_SPRUCE, other)) == {"same-rare-name", "same-company", "same-city"}


def test_a_company_alone_is_no_evidence(tree: Path, db: None) -> None:
    import_day(tree, AT_SPRUCE, "乔木-云杉支付-产品-杭州")
    assert not Suggestion.objects.exists()


def test_a_name_that_follows_another_soon_is_evidence(tree: Path, db: None) -> None:
    import_day(tree, AT_SPRUCE, date=days_later(-5))
    import_day(tree, AT_BANK)
    assert kinds(AT_SPRUCE, AT_BANK)["renamed"]["days"] == 5


@pytest.mark.parametrize("days", [15, 100])
def test_a_name_that_follows_another_late_is_not(tree: Path, db: None, days: int) -> None:
    import_day(tree, AT_SPRUCE, date=days_later(-days))
    import_day(tree, AT_BANK)
    assert "renamed" not in kinds(AT_SPRUCE, AT_BANK)


def test_words_quoted_under_another_name_are_evidence(tree: Path, db: None) -> None:
    quotation = f"「{LU}:{QUOTED}」 {' '.join('-' * 15)} 收到"
    write_day(tree, days_later(-1), LU)
    import_day(tree, ("月亮", QUOTED), (TANG, quotation), date=days_later(0))
    assert kinds(LU, "月亮")["quotation"]["count"] == 1


def test_names_doubled_once_are_evidence(tree: Path, db: None) -> None:
    import_doubles(tree, [(CHEN, "月亮"), (LU, "小陆")])
    assert kinds(CHEN, "月亮")["doubled"]["count"] == 1


def test_an_account_that_a_shared_day_contradicts_is_evidence(tree: Path, db: None) -> None:
    import_accounts(tree, CHEN, "月亮")
    assert kinds(CHEN, "月亮")["account"]["count"] == 1


def test_days_that_both_wrote_on_speak_against(tree: Path, db: None) -> None:
    write_day(tree, days_later(1), AT_SPRUCE, AT_BANK)
    import_day(tree, AT_SPRUCE, AT_BANK)
    assert kinds(AT_SPRUCE, AT_BANK)["same-day"]["days"] == 2


def test_what_too_much_speaks_against_is_not_suggested(tree: Path, db: None) -> None:
    for day in range(5):
        write_day(tree, days_later(day), AT_SPRUCE, AT_BANK)
    import_day(tree, TANG, date=days_later(9))
    assert not Suggestion.objects.exists()


def test_the_exporters_name_is_like_no_other(tree: Path, db: None) -> None:
    import_day(tree, "我")
    import_day(tree, "我", room="porch")
    assert not Suggestion.objects.exists()


def test_a_name_that_many_have_is_not_suggested(tree: Path, db: None) -> None:
    companies = (
        "云杉支付",
        "青禾银行",
        "竹里软件",
        "石榴电商",
        "长庚证券",
        "海棠科技",
        "南枝保险",
        "北辰消金",
        "松果支付",
    )
    import_day(tree, *(f"汤圆-{company}" for company in companies))
    assert not Suggestion.objects.exists()


# Score


def test_what_most_speaks_for_comes_first(tree: Path, db: None) -> None:
    write_day(tree, days_later(-100), AT_SPRUCE, "汤圆-云杉支付-杭州")
    import_day(tree, AT_BANK, "汤圆-青禾银行-苏州")
    assert [str(row) for row in Suggestion.objects.all()] == [
        f"{AT_SPRUCE} / {AT_BANK}",
        "汤圆-云杉支付-杭州 / 汤圆-青禾银行-苏州",
    ]


def test_a_shared_day_lowers_the_score(tree: Path, db: None) -> None:
    import_day(tree, AT_SPRUCE, AT_BANK)
    before = suggestion(AT_SPRUCE, AT_BANK).score
    import_day(tree, AT_SPRUCE, AT_BANK, date=days_later(1))
    assert suggestion(AT_SPRUCE, AT_BANK).score < before


def test_of_two_members_only_the_best_pair_is_suggested(tree: Path, db: None) -> None:
    write_day(tree, days_later(-100), AT_SPRUCE, "月亮")
    import_day(tree, TANG, date=days_later(-90))
    merging.merge(member("月亮"), member(AT_SPRUCE), by=None, reason="")
    import_day(tree, AT_BANK, "陈江月|云杉支付")
    merging.merge(member(AT_BANK), member("陈江月|云杉支付"), by=None, reason="")
    assert suggest() == 1
    assert are_suggested(AT_SPRUCE, "陈江月|云杉支付")


# Decisions


@pytest.fixture
def asked(tree: Path, db: None) -> Path:
    write_day(tree, days_later(-100), AT_SPRUCE)
    import_day_once(tree, AT_BANK, AT_BANK, TANG)
    assert are_suggested(AT_SPRUCE, AT_BANK)
    return tree


def found() -> Suggestion:
    return suggestion(AT_SPRUCE, AT_BANK)


def test_accepting_merges_into_the_member_with_more_messages(asked: Path, moderator: User) -> None:
    into = member(AT_BANK)
    suggestions.accept(found(), by=moderator, reason="同一个人")
    assert (member(AT_SPRUCE), member(AT_BANK)) == (into, into)


def test_an_accepted_suggestion_has_moderator_and_time(asked: Path, moderator: User) -> None:
    action = suggestions.accept(found(), by=moderator, reason="同一个人")
    assert (found().state, found().decided_by, action.reason) == (State.ACCEPTED, moderator, "同一个人")
    assert found().decided_at is not None


def test_an_accepted_suggestion_is_not_opened_again(asked: Path, moderator: User) -> None:
    suggestions.accept(found(), by=moderator, reason="")
    assert suggest() == 0
    assert not Suggestion.objects.filter(suggestions.find_undecided()).exists()


def test_what_is_joined_already_cannot_be_accepted(asked: Path) -> None:
    merging.merge(member(AT_SPRUCE), member(AT_BANK), by=None, reason="")
    with pytest.raises(ActionRefused):
        suggestions.accept(found(), by=None, reason="")


def test_an_open_one_whose_names_were_joined_elsewhere_is_decided(asked: Path) -> None:
    merging.merge(member(AT_SPRUCE), member(AT_BANK), by=None, reason="")
    assert found().state == State.OPEN
    assert not Suggestion.objects.filter(suggestions.find_undecided()).exists()


def test_three_that_are_one_another_are_accepted_together(tree: Path, db: None) -> None:
    for room in ("porch", "tea-room", "wine-room"):
        import_day(tree, CHEN, room=room)
    three = list(Suggestion.objects.all())
    assert len(three) == 3
    actions = suggestions.accept_all(three, by=None, reason="")
    assert len(actions) == 2
    assert member(CHEN) == member(CHEN, "porch") == member(CHEN, "wine-room")
    assert set(Suggestion.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_a_refused_one_survives_whatever_is_suggested_next(asked: Path, moderator: User) -> None:
    suggestions.refuse(found(), by=moderator)
    import_day(asked, AT_SPRUCE, TANG, date=days_later(1))
    assert (found().state, found().decided_by) == (State.REFUSED, moderator)
    assert suggest() == 0


def test_no_other_pair_of_refused_members_is_suggested(asked: Path) -> None:
    suggestions.refuse(found(), by=None)
    import_day(asked, "陈江月。云杉支付。产品。杭州", date=days_later(1))
    assert are_one(AT_SPRUCE, "陈江月。云杉支付。产品。杭州")
    assert not Suggestion.objects.filter(state=State.OPEN).exists()


def test_what_is_one_members_cannot_be_refused(asked: Path) -> None:
    merging.merge(member(AT_SPRUCE), member(AT_BANK), by=None, reason="")
    with pytest.raises(ActionRefused):
        suggestions.refuse(found(), by=None)


def test_a_refused_one_is_open_again_when_reopened(asked: Path, moderator: User) -> None:
    suggestions.refuse(found(), by=moderator)
    suggestions.reopen(found())
    assert (found().state, found().decided_by, found().decided_at) == (State.OPEN, None, None)
    assert suggest() == 1


def test_an_accepted_one_cannot_be_reopened_while_it_is_joined(asked: Path) -> None:
    suggestions.accept(found(), by=None, reason="")
    with pytest.raises(ActionRefused):
        suggestions.reopen(found())


def test_an_accepted_one_that_is_undone_is_refused_until_it_is_reopened(asked: Path) -> None:
    suggestions.accept(found(), by=None, reason="")
    merging.undo(ModerationAction.objects.get(), by=None, reason="")
    assert found().state == State.REFUSED
    suggestions.reopen(found())
    assert are_suggested(AT_SPRUCE, AT_BANK)


def test_an_open_one_that_nothing_speaks_for_any_more_is_gone(asked: Path) -> None:
    for day in range(-6, 0):
        write_day(asked, days_later(day), AT_SPRUCE, AT_BANK)
    import_day(asked, TANG, date=days_later(7))
    assert not Suggestion.objects.exists()
