"""The queue of merge suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from chatlogs.admin.evidence_text import REASONS, SENTENCES, describe
from chatlogs.editorial import highlights
from chatlogs.models import Message, ModerationAction, Suggestion
from chatlogs.people import evidence, merging, suggestions
from tests.admin.moderating import REASON, address, choose, confirm, levels, press, said, save
from tests.people.people import are_one, import_day, member

ONE, OTHER = "陈江月-云杉支付-产品-杭州", "陈江月-青禾银行-风控-苏州"

State = Suggestion.State


@pytest.fixture
def suggestion(people: Path) -> Suggestion:
    return Suggestion.objects.get()


def state() -> str:
    return Suggestion.objects.get().state


def listed(client: Client, **query: str) -> str:
    return client.get(address(Suggestion, "changelist"), query).content.decode()


# The list


def test_the_list_shows_both_names_with_place_and_time(moderator: Client, suggestion: Suggestion) -> None:
    page = listed(moderator)
    for shown in (ONE, OTHER, "tea-room · 1 message", "tea-room · 2 messages", "2018-03-27 – 2018-03-27"):
        assert shown in page


def test_the_list_describes_the_evidence(moderator: Client, suggestion: Suggestion) -> None:
    assert "same full name, of three or more characters" in listed(moderator)


def test_the_list_has_open_suggestions(moderator: Client, suggestion: Suggestion) -> None:
    merging.merge(member(ONE), member(OTHER), by=None, reason="")
    assert ONE not in listed(moderator)
    assert ONE in listed(moderator, state="all")


def test_the_list_can_have_refused_suggestions(moderator: Client, suggestion: Suggestion) -> None:
    assert ONE not in listed(moderator, state="refused")
    suggestions.refuse(suggestion, by=None)
    assert ONE in listed(moderator, state="refused")
    assert ONE not in listed(moderator)


def test_the_list_can_be_of_one_room(moderator: Client, people: Path) -> None:
    import_day(people, "石榴", room="porch")
    assert ONE not in listed(moderator, room="porch")
    assert "石榴" in listed(moderator, room="porch")
    assert "石榴" in listed(moderator, room="tea-room")


def test_either_name_is_found(moderator: Client, suggestion: Suggestion) -> None:
    assert ONE in listed(moderator, q="云杉")
    assert ONE in listed(moderator, q="青禾")
    assert ONE not in listed(moderator, q="竹里")


def test_rows_more_take_no_more_queries(
    moderator: Client, people: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    import_day(people, *(f"小满{n}" for n in range(9)), room="porch")
    import_day(people, *(f"小满{n}" for n in range(9)), room="wine-room")
    with django_assert_max_num_queries(12):
        assert "小满8" in listed(moderator)


# The page


def test_the_page_quotes_both_names_newest_messages(moderator: Client, suggestion: Suggestion) -> None:
    page = moderator.get(address(Suggestion, "change", suggestion.pk)).content.decode()
    for message in Message.objects.filter(alias__name__in=[ONE, OTHER]):
        assert message.text in page
        assert message.get_absolute_url() in page


def test_the_page_quotes_only_what_readers_may_read(moderator: Client, suggestion: Suggestion) -> None:
    hidden = Message.objects.get(alias__name=ONE)
    Message.objects.filter(pk=hidden.pk).update(state=Message.State.HIDDEN)
    assert hidden.text not in moderator.get(address(Suggestion, "change", suggestion.pk)).content.decode()


def test_the_page_has_no_fields(moderator: Client, suggestion: Suggestion) -> None:
    assert save(moderator, suggestion, state=State.ACCEPTED).status_code == 403
    assert state() == State.OPEN


@pytest.mark.parametrize("action", ["accept", "refuse", "reopen"])
def test_the_page_has_a_button_for_each_action(moderator: Client, suggestion: Suggestion, action: str) -> None:
    page = moderator.get(address(Suggestion, "change", suggestion.pk)).content.decode()
    assert f'name="action" value="{action}"' in page


def test_a_button_of_the_page_decides_and_goes_on_to_the_list(moderator: Client, suggestion: Suggestion) -> None:
    answer = press(moderator, "refuse", suggestion)
    assert state() == State.REFUSED
    assert answer.headers["Location"] == address(Suggestion, "changelist")


def test_a_button_of_the_page_asks_for_a_reason(moderator: Client, suggestion: Suggestion) -> None:
    assert 'name="reason"' in press(moderator, "accept", suggestion).content.decode()
    press(moderator, "accept", suggestion, confirmed="yes", reason=REASON)
    assert state() == State.ACCEPTED


# Accepting


def test_accepting_asks_first(moderator: Client, suggestion: Suggestion) -> None:
    page = choose(moderator, "accept", suggestion).content.decode()
    assert "Merge 1 pair of names?" in page
    assert ONE in page
    assert not are_one(ONE, OTHER)


def test_accepting_merges_and_shows_the_action_number(moderator: Client, suggestion: Suggestion) -> None:
    answer = confirm(moderator, "accept", suggestion)
    action = ModerationAction.objects.get()
    assert are_one(ONE, OTHER)
    assert said(answer) == [("success", f"Done, as action {action.pk}.")]
    assert (action.reason, action.actor_name) == (REASON, answer.wsgi_request.user.get_username())


@pytest.mark.parametrize("nothing", ["", "   "])
def test_without_a_reason_nothing_is_accepted(moderator: Client, suggestion: Suggestion, nothing: str) -> None:
    page = confirm(moderator, "accept", suggestion, reason=nothing).content.decode()
    assert "This field is required." in page
    assert not are_one(ONE, OTHER)


def test_ten_are_shown_before_many_are_accepted(moderator: Client, people: Path) -> None:
    import_day(people, *(f"小满{n}" for n in range(12)), room="porch")
    import_day(people, *(f"小满{n}" for n in range(12)), room="wine-room")
    rows = list(Suggestion.objects.filter(first__name__startswith="小满"))
    page = choose(moderator, "accept", *rows).content.decode()
    assert page.count(" = ") == 10
    assert "and 2 more" in page
    confirm(moderator, "accept", *rows)
    assert Suggestion.objects.filter(state=State.ACCEPTED).count() == 12


def test_too_many_are_not_accepted_at_once(
    moderator: Client, suggestion: Suggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatlogs.admin.actions.confirmation.MOST_AT_ONCE", 0)
    assert levels(confirm(moderator, "accept", suggestion)) == ["error"]
    assert state() == State.OPEN


# Refusing and reopening


def test_refusing_is_for_good(moderator: Client, suggestion: Suggestion) -> None:
    answer = choose(moderator, "refuse", suggestion)
    assert levels(answer) == ["success"]
    assert Suggestion.objects.get().decided_by == answer.wsgi_request.user
    assert state() == State.REFUSED


def test_what_was_refused_is_reopened(moderator: Client, suggestion: Suggestion) -> None:
    suggestions.refuse(suggestion, by=None)
    choose(moderator, "reopen", suggestion, state="refused")
    assert state() == State.OPEN


def test_what_makes_no_sense_is_said_and_not_done(moderator: Client, suggestion: Suggestion) -> None:
    merging.merge(member(ONE), member(OTHER), by=None, reason="")
    answer = choose(moderator, "refuse", suggestion, state="all")
    assert said(answer) == [("error", "The names are one member's: split them first.")]


# Permissions


@pytest.mark.parametrize("action", ["accept", "refuse", "reopen"])
def test_an_onlooker_is_offered_nothing(onlooker: Client, suggestion: Suggestion, action: str) -> None:
    assert f'value="{action}"' not in listed(onlooker)
    assert f'value="{action}"' not in onlooker.get(address(Suggestion, "change", suggestion.pk)).content.decode()


@pytest.mark.parametrize("action", ["accept", "refuse", "reopen"])
def test_an_onlooker_decides_nothing(onlooker: Client, suggestion: Suggestion, action: str) -> None:
    choose(onlooker, action, suggestion)
    confirm(onlooker, action, suggestion)
    assert press(onlooker, action, suggestion, confirmed="yes", reason=REASON).status_code == 403
    assert state() == State.OPEN


# Descriptions of evidence


@pytest.mark.parametrize("kind", suggestions.SCORES)
def test_all_that_gives_points_has_its_words(kind: str) -> None:
    assert kind in SENTENCES
    assert describe({"kind": kind, "days": 2, "count": 2}) != kind


def test_what_speaks_against_says_so() -> None:
    assert describe({"kind": "same-day", "days": 2}) != describe({"kind": "same-day", "days": 1})


def test_each_automatic_reason_has_a_text() -> None:
    proofs = {evidence.SAME_NAME, evidence.EXPORTER_SET, evidence.DOUBLED, evidence.ACCOUNT}
    assert REASONS.keys() == proofs | {highlights.WRITTEN, highlights.PUBLISHED}
    assert all(str(sentence) for sentence in REASONS.values())


def test_evidence_of_a_later_version_is_shown_as_it_is() -> None:
    assert describe({"kind": "same-voice"}) == "same-voice"
