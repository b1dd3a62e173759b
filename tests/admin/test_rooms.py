"""Days and rooms: hiding, restoring and automatic masking in the admin."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs import moderation
from chatlogs.models import Day, ModerationAction, Room
from tests.admin.moderating import WHY, choose, confirm, last_action, levels, listed, page_of, press, save, sign_in_as
from tests.admin.moderating import said as told
from tests.admin.talking import NUMBER, PEAR, PHONE, State, match, states, texts
from tests.moderation.deciding import why
from tests.people.people import days_later, import_day

SHOWN, HIDDEN = State.SHOWN, State.HIDDEN


def day() -> Day:
    return Day.objects.order_by("date")[0]


def room() -> Room:
    return Room.objects.get()


# Days


def test_a_day_is_hidden_and_restored(moderators: Client) -> None:
    confirm(moderators, "hide_day", day())
    assert states() == [HIDDEN] * 4
    assert day().is_hidden
    confirm(moderators, "restore_day", day())
    assert states() == [SHOWN] * 4


def test_several_days_are_hidden_by_one_action_each(moderators: Client, talk: Path) -> None:
    import_day(talk, (PEAR, "又一天"), date=days_later(1))
    answer = confirm(moderators, "hide_day", *Day.objects.all())
    assert set(states()) == {HIDDEN}
    assert levels(answer) == ["success"]
    assert ModerationAction.objects.count() == 2


def test_the_list_of_days_shows_the_hidden_ones(moderators: Client) -> None:
    confirm(moderators, "hide_day", day())
    assert f'value="{day().pk}"' in listed(moderators, Day, is_hidden__exact="1")
    assert f'value="{day().pk}"' not in listed(moderators, Day, is_hidden__exact="0")


def test_the_list_of_days_takes_few_queries(
    moderators: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9):
        listed(moderators, Day)


# Visibility


def test_the_visibility_of_a_room_is_changed_by_an_action(moderators: Client) -> None:
    assert 'name="visibility"' in choose(moderators, "change_visibility", room()).content.decode()
    confirm(moderators, "change_visibility", room(), visibility="hidden")
    assert room().visibility == "hidden"
    assert last_action().changes == [{"room": room().slug, "visibility": ["public", "hidden"]}]


def test_the_visibility_of_a_room_is_not_changed_by_saving(superuser: Client) -> None:
    save(superuser, room(), title="茶室", visibility="hidden")
    assert (room().title, room().visibility) == ("茶室", "public")


def test_a_room_gets_readers_from_a_moderator(moderators: Client) -> None:
    group = Group.objects.create(name="读者")
    save(moderators, room(), reader_group=group.pk, is_indexable="on", title="茶室")
    assert (room().reader_group, room().is_indexable) == (group, True)
    assert room().title == ""


def test_a_room_gets_its_title_from_a_curator(client: Client, talk: Path) -> None:
    group = Group.objects.create(name="读者")
    sign_in_as(client, "curator")
    save(client, room(), reader_group=group.pk, is_indexable="on", title="茶室", description="")
    assert (room().reader_group, room().is_indexable) == (None, False)
    assert room().title == "茶室"


# Automatic masking


def test_another_choice_of_what_is_masked_is_carried_out(moderators: Client) -> None:
    assert NUMBER not in texts()[2]
    confirm(moderators, "change_masked_kinds", room(), masked_kinds=["email"])
    assert texts()[2] == PHONE
    assert room().masked_kinds == ["email"]


def test_what_is_masked_now_is_proposed(moderators: Client) -> None:
    page = choose(moderators, "change_masked_kinds", room()).content.decode()
    assert page.count(" checked") == 4


def test_nothing_need_be_masked(moderators: Client) -> None:
    confirm(moderators, "change_masked_kinds", room())
    assert room().masked_kinds == []


def test_another_choice_of_what_is_masked_is_undone(moderators: Client) -> None:
    confirm(moderators, "change_masked_kinds", room(), masked_kinds=["email"])
    confirm(moderators, "undo", last_action())
    assert NUMBER not in texts()[2]
    assert room().masked_kinds == ["phone", "email", "id_number", "bank_card"]


def test_reviewed_matches_keep_their_state_when_masking_changes(moderators: Client) -> None:
    moderation.decide_on_matches([match()], "masked", **why())
    confirm(moderators, "change_masked_kinds", room())
    assert NUMBER not in texts()[2]


def test_the_same_choice_is_refused(moderators: Client) -> None:
    answer = confirm(moderators, "change_masked_kinds", room(), masked_kinds=room().masked_kinds)
    assert told(answer) == [("error", "The room already has this setting.")]


# Permissions


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["hide_day", "restore_day"])
def test_actions_on_days_need_their_permission(client: Client, talk: Path, role: str, perform: str) -> None:
    sign_in_as(client, role)
    assert press(client, perform, day(), confirmed="yes", **WHY).status_code == 403
    assert not day().is_hidden


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["change_visibility", "change_masked_kinds"])
def test_actions_on_rooms_need_their_permission(client: Client, talk: Path, role: str, perform: str) -> None:
    sign_in_as(client, role)
    assert press(client, perform, room(), confirmed="yes", visibility="hidden", **WHY).status_code == 403
    assert not ModerationAction.objects.exists()


def test_a_rooms_page_says_what_is_masked(moderators: Client) -> None:
    assert "phone number, e-mail address" in page_of(moderators, room())
