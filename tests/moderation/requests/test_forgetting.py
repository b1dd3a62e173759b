from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import Settings

from chatlogs.models import RemovalRequest
from chatlogs.moderation import requests
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed


@pytest.fixture(autouse=True)
def kept(db: None, settings: Settings) -> None:
    settings.REQUEST_RETENTION_DAYS = 100


def words(removal_request: RemovalRequest) -> tuple[str, str, str]:
    removal_request.refresh_from_db()
    return removal_request.subject, removal_request.explanation, removal_request.contact


def test_the_words_of_a_case_closed_long_ago_are_blanked() -> None:
    removal_request = make_closed(days_ago=101)
    requests.scrub_old_requests()
    assert words(removal_request) == ("", "", "")


def test_what_became_of_it_is_kept() -> None:
    removal_request = make_closed(days_ago=101)
    RemovalRequest.objects.filter(pk=removal_request.pk).update(outcome="已隐藏")
    requests.scrub_old_requests()
    removal_request.refresh_from_db()
    assert (removal_request.state, removal_request.outcome, bool(removal_request.reference)) == ("done", "已隐藏", True)


def test_a_case_closed_lately_keeps_its_words() -> None:
    removal_request = make_closed(days_ago=99)
    requests.scrub_old_requests()
    assert words(removal_request) == (SUBJECT, EXPLANATION, CONTACT)


def test_an_open_case_keeps_its_words_however_old_it_is() -> None:
    removal_request = make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(created_at=timezone.now() - dt.timedelta(days=1000))
    requests.scrub_old_requests()
    assert words(removal_request) == (SUBJECT, EXPLANATION, CONTACT)


def test_it_tells_how_many_were_blanked_each_once() -> None:
    for days_ago in (50, 150, 250):
        make_closed(days_ago=days_ago)
    assert [requests.scrub_old_requests(), requests.scrub_old_requests()] == [2, 0]
