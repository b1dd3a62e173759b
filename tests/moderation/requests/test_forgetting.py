from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatlogs.models import Case
from chatlogs.moderation import requests
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed


@pytest.fixture(autouse=True)
def kept(db: None, settings: Settings) -> None:
    settings.CASE_KEPT_DAYS = 100


def words(case: Case) -> tuple[str, str, str]:
    case.refresh_from_db()
    return case.subject, case.explanation, case.contact


def test_the_words_of_a_case_closed_long_ago_are_blanked() -> None:
    case = make_closed(days_ago=101)
    requests.forget_old()
    assert words(case) == ("", "", "")


def test_what_became_of_it_is_kept() -> None:
    case = make_closed(days_ago=101)
    Case.objects.filter(pk=case.pk).update(outcome="已隐藏")
    requests.forget_old()
    case.refresh_from_db()
    assert (case.state, case.outcome, bool(case.reference)) == ("done", "已隐藏", True)


def test_a_case_closed_lately_keeps_its_words() -> None:
    case = make_closed(days_ago=99)
    requests.forget_old()
    assert words(case) == (SUBJECT, EXPLANATION, CONTACT)


def test_an_open_case_keeps_its_words_however_old_it_is() -> None:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - dt.timedelta(days=1000))
    requests.forget_old()
    assert words(case) == (SUBJECT, EXPLANATION, CONTACT)


def test_it_tells_how_many_were_blanked_each_once() -> None:
    for days_ago in (50, 150, 250):
        make_closed(days_ago=days_ago)
    assert [requests.forget_old(), requests.forget_old()] == [2, 0]
