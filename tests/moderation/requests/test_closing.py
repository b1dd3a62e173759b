from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from chatlogs.audit import Refused
from chatlogs.models import Case
from chatlogs.moderation import requests
from tests.moderation.requests.making import SITE, make_case, make_closed

State = Case.State


@pytest.fixture
def wen(db: None) -> User:
    return User.objects.create_user("wen", is_staff=True)


@pytest.fixture
def he(db: None) -> User:
    return User.objects.create_user("he", is_staff=True)


def close(case: Case, by: User, state: str = State.DONE) -> None:
    requests.close(case, state, by=by, outcome="已隐藏", site=SITE)


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED])
def test_a_closed_case_has_its_state_outcome_and_date(state: str, wen: User) -> None:
    case = make_case()
    close(case, wen, state)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.outcome) == (state, "已隐藏")
    assert case.closed_at


def test_nobodys_case_is_whose_who_closes_it(wen: User) -> None:
    case = make_case()
    close(case, wen)
    assert Case.objects.get(pk=case.pk).assignee == wen


def test_somebodys_case_stays_theirs(wen: User, he: User) -> None:
    case = make_case()
    requests.take(case, by=he)
    close(case, wen)
    assert Case.objects.get(pk=case.pk).assignee == he


def test_a_case_that_is_being_erased_cannot_be_closed(wen: User) -> None:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(state=State.ERASING)
    with pytest.raises(Refused, match=case.reference):
        close(case, wen)
    assert Case.objects.get(pk=case.pk).closed_at is None


def test_a_closed_case_keeps_its_outcome(wen: User) -> None:
    case = make_closed()
    with pytest.raises(Refused):
        close(case, wen, State.REFUSED)
    assert Case.objects.get(pk=case.pk).state == State.DONE


def test_a_case_can_be_taken_from_another(wen: User, he: User) -> None:
    case = make_case()
    requests.take(case, by=he)
    requests.take(case, by=wen)
    assert Case.objects.get(pk=case.pk).assignee == wen


def test_a_closed_case_cannot_be_taken(wen: User) -> None:
    with pytest.raises(Refused):
        requests.take(make_closed(), by=wen)
