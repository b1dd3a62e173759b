"""What the archive is, how removal works, and how requests fare."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from chatlogs.models import RemovalRequest
from tests.moderation.requests.making import CONTACT, EXPLANATION, SUBJECT, make_case, make_closed

NOTHING_ASKED = "There have been no requests yet."


def words(client: Client) -> str:
    """What the page says, in English."""
    page = client.get("/about/", headers={"accept-language": "en"}).content.decode()
    return re.sub(r"\s+", " ", strip_tags(page))


def figures(client: Client) -> Any:
    return client.get("/about/").context["figures"]


def test_it_tells_how_long_things_take(db: None, client: Client, settings: Settings) -> None:
    settings.REQUEST_DAYS, settings.REQUEST_RETENTION_DAYS, settings.ORIGINAL_RETENTION_DAYS = 21, 200, 45
    said = words(client)
    assert "an answer within 21 days" in said
    assert "deleted 200 days after the answer" in said
    assert "deleted after 45 days" in said


def test_it_leads_to_the_form(db: None, client: Client) -> None:
    main = client.get("/about/").content.decode().split("<footer")[0]
    assert 'href="/removal/"' in main


def test_it_names_the_site(db: None, client: Client, settings: Settings) -> None:
    settings.SITE_TITLE = "<茶话>"
    page = client.get("/about/").content.decode()
    assert "&lt;茶话&gt;" in page
    assert "<茶话>" not in page


def test_where_nobody_has_asked_it_says_so(db: None, client: Client) -> None:
    assert NOTHING_ASKED in words(client)


def test_with_a_request_nobody_says_that_there_was_none(db: None, client: Client) -> None:
    make_case()
    said = words(client)
    assert NOTHING_ASKED not in said
    assert "No request was answered in the last 12 months. 1 request is open." in said


def test_it_tells_how_many_were_answered_and_how_many_are_open(db: None, client: Client) -> None:
    make_closed()
    make_closed(RemovalRequest.State.REFUSED)
    make_case()
    RemovalRequest.objects.filter(pk=make_case().pk).update(state=RemovalRequest.State.ERASING)
    said = words(client)
    assert "2 requests were answered in the last 12 months, 1 of them refused." in said
    assert "2 requests are open." in said


@pytest.mark.parametrize(
    ("taken", "days"), [([1], 1), ([0.1], 1), ([1, 2, 30], 2), ([1, 4], 3), ([0.5, 2.2, 9, 40], 6)]
)
def test_half_of_the_answers_took_so_many_days(taken: list[float], days: int, db: None, client: Client) -> None:
    for time in taken:
        make_closed(taken=time)
    assert figures(client).days == days


def test_what_was_closed_more_than_a_year_ago_counts_no_longer(db: None, client: Client) -> None:
    make_closed(days_ago=366, taken=100)
    make_closed(days_ago=364, taken=2)
    assert (figures(client).closed, figures(client).days) == (1, 2)


def test_it_tells_nothing_of_any_request(db: None, client: Client) -> None:
    removal_request = make_case()
    page = client.get("/about/").content.decode()
    for written in (removal_request.reference, SUBJECT, EXPLANATION, CONTACT):
        assert written not in page


def test_it_takes_as_many_queries_however_many_requests(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_case()
        make_closed()
    with django_assert_num_queries(3):
        client.get("/about/")
