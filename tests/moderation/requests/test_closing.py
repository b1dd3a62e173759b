from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from chatlogs.audit import ActionRefused
from chatlogs.models import RemovalRequest
from chatlogs.moderation import requests
from tests.moderation.requests.making import SITE, make_case, make_closed

State = RemovalRequest.State


@pytest.fixture
def wen(db: None) -> User:
    return User.objects.create_user("wen", is_staff=True)


@pytest.fixture
def he(db: None) -> User:
    return User.objects.create_user("he", is_staff=True)


def close(removal_request: RemovalRequest, by: User, state: str = State.DONE) -> None:
    requests.close(removal_request, state, by=by, outcome="已隐藏", site=SITE)


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED])
def test_a_closed_case_has_its_state_outcome_and_date(state: str, wen: User) -> None:
    removal_request = make_case()
    close(removal_request, wen, state)
    removal_request = RemovalRequest.objects.get(pk=removal_request.pk)
    assert (removal_request.state, removal_request.outcome) == (state, "已隐藏")
    assert removal_request.closed_at


def test_nobodys_case_is_whose_who_closes_it(wen: User) -> None:
    removal_request = make_case()
    close(removal_request, wen)
    assert RemovalRequest.objects.get(pk=removal_request.pk).assignee == wen


def test_somebodys_case_stays_theirs(wen: User, he: User) -> None:
    removal_request = make_case()
    requests.take(removal_request, by=he)
    close(removal_request, wen)
    assert RemovalRequest.objects.get(pk=removal_request.pk).assignee == he


def test_a_case_that_is_being_erased_cannot_be_closed(wen: User) -> None:
    removal_request = make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(state=State.ERASING)
    with pytest.raises(ActionRefused, match=removal_request.reference):
        close(removal_request, wen)
    assert RemovalRequest.objects.get(pk=removal_request.pk).closed_at is None


def test_a_closed_case_keeps_its_outcome(wen: User) -> None:
    removal_request = make_closed()
    with pytest.raises(ActionRefused):
        close(removal_request, wen, State.REFUSED)
    assert RemovalRequest.objects.get(pk=removal_request.pk).state == State.DONE


def test_a_case_can_be_taken_from_another(wen: User, he: User) -> None:
    removal_request = make_case()
    requests.take(removal_request, by=he)
    requests.take(removal_request, by=wen)
    assert RemovalRequest.objects.get(pk=removal_request.pk).assignee == wen


def test_a_closed_case_cannot_be_taken(wen: User) -> None:
    with pytest.raises(ActionRefused):
        requests.take(make_closed(), by=wen)
