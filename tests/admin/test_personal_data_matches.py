"""The queue of personal data found in messages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatlogs import moderation
from chatlogs.models import ModerationAction, PersonalDataMatch
from tests.admin.moderating import (
    WHY,
    address,
    choose,
    confirm,
    last_action,
    listed,
    page_of,
    press,
    sign_in,
    sign_in_as,
)
from tests.admin.talking import NUMBER, PEAR, match, texts
from tests.moderation.deciding import why
from tests.people.people import days_later, import_day

OPEN, MASKED, RELEASED = PersonalDataMatch.State.OPEN, PersonalDataMatch.State.MASKED, PersonalDataMatch.State.RELEASED


def test_the_list_shows_what_was_found_and_the_text_as_readers_see_it(moderators: Client) -> None:
    page = listed(moderators, PersonalDataMatch)
    assert f'<td class="field-found_text">{NUMBER}</td>' in page
    assert "电话███哦" in page


def test_viewers_do_not_see_the_matched_text(client: Client, talk: Path) -> None:
    sign_in(client, "view_personaldatamatch", "view_message")
    assert "电话███哦" in listed(client, PersonalDataMatch)
    assert NUMBER not in listed(client, PersonalDataMatch) + page_of(client, match())


def test_the_page_of_a_match_shows_it_in_context(moderators: Client) -> None:
    page = page_of(moderators, match())
    assert NUMBER in page
    assert "大家晚安" in page


@pytest.mark.parametrize(("perform", "state"), [("mask", MASKED), ("release", RELEASED)])
def test_a_match_is_reviewed(moderators: Client, perform: str, state: str) -> None:
    assert 'name="category"' in choose(moderators, perform, match()).content.decode()
    confirm(moderators, perform, match())
    assert match().state == state
    assert last_action().kind == "review"
    assert (NUMBER in texts()[2]) == (state == RELEASED)


def test_a_decision_is_opened_again(moderators: Client) -> None:
    moderation.decide_on_matches([match()], RELEASED, **why())
    confirm(moderators, "reopen", match(), filters={"state": "all"})
    assert match().state == OPEN


def test_several_matches_are_reviewed_by_one_action(moderators: Client, talk: Path) -> None:
    import_day(talk, (PEAR, "电话13900139000"), date=days_later(1))
    confirm(moderators, "release", *PersonalDataMatch.objects.all())
    assert set(PersonalDataMatch.objects.values_list("state", flat=True)) == {RELEASED}
    assert ModerationAction.objects.count() == 1


def test_what_was_found_is_in_no_log(moderators: Client) -> None:
    confirm(moderators, "mask", match())
    assert NUMBER not in str(last_action().changes)


def test_the_list_has_what_is_open_unless_more_is_asked_for(moderators: Client) -> None:
    moderation.decide_on_matches([match()], RELEASED, **why())
    field = f'value="{match().pk}"'
    assert field not in listed(moderators, PersonalDataMatch)
    assert field in listed(moderators, PersonalDataMatch, state="released")
    assert field in listed(moderators, PersonalDataMatch, state="all")
    assert field not in listed(moderators, PersonalDataMatch, state="masked")


def test_old_ones_can_be_asked_for(moderators: Client) -> None:
    field = f'value="{match().pk}"'
    assert field not in listed(moderators, PersonalDataMatch, age="7")
    PersonalDataMatch.objects.update(found_at=timezone.now() - dt.timedelta(days=8))
    assert field in listed(moderators, PersonalDataMatch, age="7")
    assert field not in listed(moderators, PersonalDataMatch, age="30")


def test_a_kind_and_a_room_can_be_asked_for(moderators: Client) -> None:
    field = f'value="{match().pk}"'
    room = str(match().message.room_id)
    assert field in listed(moderators, PersonalDataMatch, kind__exact="phone", message__room__id__exact=room)
    assert field not in listed(moderators, PersonalDataMatch, kind__exact="qq")


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["mask", "release", "reopen"])
def test_deciding_takes_its_right(client: Client, talk: Path, role: str, perform: str) -> None:
    sign_in_as(client, role)
    assert client.get(address(PersonalDataMatch, "changelist")).status_code == 403
    assert press(client, perform, match(), confirmed="yes", **WHY).status_code == 403
    assert match().state == OPEN


def test_the_list_takes_few_queries(
    moderators: Client, talk: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    import_day(talk, *((PEAR, f"电话1390013900{n}") for n in range(9)), date=days_later(1))
    with django_assert_max_num_queries(9):
        listed(moderators, PersonalDataMatch)
