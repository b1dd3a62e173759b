"""The log of merges and moves of names, and undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs.models import Alias, Member, ModerationAction
from chatlogs.people import merging
from tests.admin.moderating import WHY, address, choose, confirm, levels, press, said, save
from tests.people.people import alias, are_one, import_day, member

LU, MIA = "陆鸣", "Mia"


@pytest.fixture
def action(people: Path) -> ModerationAction:
    return merging.merge(member(LU), member(MIA), by=None, reason="一个人")


def listed(client: Client, **query: str) -> str:
    return client.get(address(ModerationAction, "changelist"), query).content.decode()


def test_the_list_shows_what_was_done_and_why(moderator: Client, action: ModerationAction) -> None:
    page = listed(moderator)
    assert "一个人" in page
    assert '<td class="field-change_count">1</td>' in page


def test_automatic_actions_show_their_reason(moderator: Client, people: Path) -> None:
    import_day(people, "Mia。")
    page = listed(moderator)
    assert "automatic" in page
    assert "Same name in one room, except punctuation and case" in page


def test_the_page_shows_which_names_went_where(moderator: Client, action: ModerationAction) -> None:
    page = moderator.get(address(ModerationAction, "change", action.pk)).content.decode()
    assert address(Alias, "change", alias(LU).pk) in page
    assert address(Member, "change", alias(LU).origin_id) in page
    assert address(Member, "change", member(MIA).pk) in page


def test_an_action_is_undone_with_a_reason(moderator: Client, action: ModerationAction) -> None:
    assert 'name="reason"' in choose(moderator, "undo", action).content.decode()
    assert are_one(LU, MIA)
    confirm(moderator, "undo", action, reason="两个人")
    assert not are_one(LU, MIA)
    assert ModerationAction.objects.get(undoes=action).reason == "两个人"


def test_actions_are_undone_in_the_order_in_which_they_stand_on_each_other(
    moderator: Client, action: ModerationAction
) -> None:
    later = merging.merge(member(MIA), member("石榴"), by=None, reason="")
    assert levels(confirm(moderator, "undo", action, later)) == ["success"]
    assert len({member(name) for name in (LU, MIA, "石榴")}) == 3


def test_nothing_is_undone_twice(moderator: Client, action: ModerationAction) -> None:
    confirm(moderator, "undo", action)
    assert said(confirm(moderator, "undo", action))[-1] == ("error", "This action has already been undone.")


def test_the_page_has_a_button_that_undoes(moderator: Client, action: ModerationAction) -> None:
    press(moderator, "undo", action, confirmed="yes", **WHY)
    assert not are_one(LU, MIA)


def test_what_is_undone_can_be_left_out(moderator: Client, action: ModerationAction) -> None:
    undo = merging.undo(action, by=None, reason="两个人")
    assert f'value="{undo.pk}"' in listed(moderator, undone="no")
    assert f'value="{action.pk}"' not in listed(moderator, undone="no")
    assert f'value="{action.pk}"' in listed(moderator, undone="yes")


def test_nobody_changes_what_was_done(moderator: Client, action: ModerationAction) -> None:
    assert save(moderator, action, reason="别的").status_code == 403
    assert ModerationAction.objects.get().reason == "一个人"


def test_an_onlooker_undoes_nothing(onlooker: Client, action: ModerationAction) -> None:
    assert "一个人" in listed(onlooker)
    confirm(onlooker, "undo", action)
    assert press(onlooker, "undo", action, confirmed="yes", reason="两个人").status_code == 403
    assert are_one(LU, MIA)


def test_the_list_takes_few_queries(
    moderator: Client, action: ModerationAction, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        merging.undo(ModerationAction.objects.first() or action, by=None, reason="")
    with django_assert_max_num_queries(8):
        listed(moderator)
