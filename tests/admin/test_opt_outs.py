"""Opt-outs in the admin."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs import moderation
from chatlogs.models import Alias, Member, ModerationAction, OptOut
from tests.admin.moderating import WHY, choose, confirm, last_action, levels, listed, page_of, press, sign_in_as
from tests.admin.talking import CHEN, PEAR, State, states
from tests.moderation.deciding import why
from tests.people.people import alias, import_day, member

SHOWN, HIDDEN = State.SHOWN, State.HIDDEN


def test_the_extents_are_explained(moderators: Client) -> None:
    page = choose(moderators, "opt_out", member(CHEN)).content.decode()
    assert page.count('name="extent"') == 3
    assert "do not import further messages" in page


@pytest.mark.parametrize("extent", OptOut.Extent.values)
def test_a_member_opts_out(moderators: Client, extent: str) -> None:
    confirm(moderators, "opt_out", member(CHEN), extent=extent)
    assert OptOut.objects.get().extent == extent
    assert (states()[0] == HIDDEN) == (extent != "name")
    assert last_action().kind == "opt-out"


def test_an_opt_out_is_undone_in_the_log(moderators: Client) -> None:
    confirm(moderators, "opt_out", member(CHEN), extent="messages")
    assert levels(confirm(moderators, "undo", last_action()))[-1] == "success"
    assert states() == [SHOWN] * 4
    assert member(CHEN).name == CHEN


def test_all_messages_of_a_member_are_hidden_by_one_action(moderators: Client) -> None:
    page = choose(moderators, "hide_all", member(PEAR)).content.decode()
    assert "Hide 2 messages?" in page
    confirm(moderators, "hide_all", member(PEAR), part="both")
    assert states() == [SHOWN, HIDDEN, HIDDEN, SHOWN]
    assert ModerationAction.objects.count() == 1


def test_a_members_page_has_these_buttons_for_moderators(moderators: Client) -> None:
    page = page_of(moderators, member(CHEN))
    assert 'value="opt_out"' in page
    assert 'value="hide_all"' in page
    assert 'value="merge"' not in page


def test_the_list_of_opt_outs_names_nobody(moderators: Client) -> None:
    moderation.opt_out(member(CHEN), "name", **why())
    opted = OptOut.objects.get()
    page = listed(moderators, OptOut) + page_of(moderators, opted)
    assert opted.pseudonym in page
    assert opted.member.key in page
    assert CHEN not in page


def test_superusers_read_the_names_in_the_transcripts(superuser: Client) -> None:
    moderation.opt_out(member(CHEN), "name", **why())
    assert CHEN in listed(superuser, OptOut)
    assert CHEN in page_of(superuser, OptOut.objects.get())


def test_the_list_of_opt_outs_takes_few_queries(
    moderators: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in (CHEN, PEAR, "Mia"):
        moderation.opt_out(member(name), "name", **why())
    with django_assert_max_num_queries(8):
        listed(moderators, OptOut)


def test_the_same_name_is_exempted_and_included_again(moderators: Client, talk: Path) -> None:
    import_day(talk, (CHEN, "我是另一个"), room="wine-room")
    moderation.opt_out(member(CHEN), "name", **why())
    other = Alias.objects.get(room__slug="wine-room")
    assert other.is_opted_out
    confirm(moderators, "exempt", other)
    assert alias(CHEN, "wine-room").is_exempt
    confirm(moderators, "include", other)
    assert Alias.objects.get(pk=other.pk).is_opted_out
    assert [action.kind for action in ModerationAction.objects.all()[:2]] == ["exempt", "exempt"]


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize(("perform", "answers"), [("opt_out", {"extent": "name"}), ("hide_all", {"part": "both"})])
def test_actions_on_members_need_their_permission(
    client: Client, talk: Path, role: str, perform: str, answers: dict[str, str]
) -> None:
    sign_in_as(client, role)
    assert press(client, perform, member(CHEN), confirmed="yes", **WHY, **answers).status_code == 403
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("role", ["curator", "nobody"])
@pytest.mark.parametrize("perform", ["exempt", "include"])
def test_actions_on_names_need_their_permission(client: Client, talk: Path, role: str, perform: str) -> None:
    sign_in_as(client, role)
    assert press(client, perform, alias(CHEN), confirmed="yes", **WHY).status_code == 403
    assert not ModerationAction.objects.exists()


def test_moderators_merge_nobody(moderators: Client) -> None:
    confirm(moderators, "merge", member(CHEN), member(PEAR), into=member(CHEN).pk)
    assert member(CHEN) != member(PEAR)
    assert Member.objects.filter(aliases=None).count() == 0
