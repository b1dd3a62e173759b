"""The moderation queue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatlogs import moderation
from chatlogs.models import ImportProblem, Message, ModerationAction, RemovalRequest, Suggestion
from chatlogs.queries import moderation_queue
from tests.admin.moderating import address, sign_in, sign_in_as
from tests.admin.talking import CHEN, NUMBER, PEAR, match, said
from tests.admin.test_log import make_pending
from tests.moderation.deciding import why
from tests.moderation.requests.making import make_case, make_closed
from tests.people.people import alias

QUEUE = reverse("moderation-queue")


def make_suggestion() -> Suggestion:
    first, second = sorted((alias(CHEN), alias(PEAR)), key=lambda name: name.pk)
    return Suggestion.objects.create(first=first, second=second, score=50)


def make_problem(days_ago: int = 0) -> ImportProblem:
    found_at = timezone.now() - dt.timedelta(days=days_ago)
    return ImportProblem.objects.create(path="a.md", line=3, code="x", message="坏了", is_error=True, found_at=found_at)


def hold() -> Message:
    Message.objects.filter(pk=said().pk).update(state=Message.State.HELD)
    return said()


@pytest.fixture
def waiting(talk: Path) -> dict[str, Model]:
    """Return an entry of each kind."""
    tombstone = make_pending()
    return {
        "removal_request": make_case(),
        "finding": match(),
        "held": hold(),
        "tombstone": tombstone,
        "problem": make_problem(),
        "suggestion": make_suggestion(),
        "erasure": ModerationAction.objects.get(),
    }


def queue(client: Client, **query: str) -> str:
    response = client.get(QUEUE, query)
    assert response.status_code == 200
    return str(response.content.decode())


def leads_to(page: str, rows: Mapping[str, Model]) -> set[str]:
    """Return the kinds whose row is linked."""
    return {kind for kind, row in rows.items() if f'"{address(type(row), "change", row.pk)}"' in page}


def test_the_queue_has_entries_of_every_kind(superuser: Client, waiting: dict[str, Model]) -> None:
    assert leads_to(queue(superuser), waiting) == set(waiting)


def test_every_line_leads_to_a_page(superuser: Client, waiting: dict[str, Model]) -> None:
    for link in re.findall(r'<th scope="row">\s*<a href="([^"]+)"', queue(superuser)):
        assert superuser.get(link).status_code == 200


@pytest.mark.parametrize("kind", moderation_queue.Kind.values)
def test_the_queue_can_be_filtered_by_kind(superuser: Client, waiting: dict[str, Model], kind: str) -> None:
    assert leads_to(queue(superuser, kind=kind), waiting) == {kind}


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("moderator", {"removal_request", "finding", "held", "tombstone", "problem", "suggestion", "erasure"}),
        ("curator", {"problem", "suggestion", "erasure"}),
    ],
)
def test_users_see_the_kinds_they_have_permission_for(
    client: Client, waiting: dict[str, Model], role: str, kinds: set[str]
) -> None:
    sign_in_as(client, role)
    assert leads_to(queue(client), waiting) == kinds


def test_filtering_by_a_kind_needs_its_permission(client: Client, waiting: dict[str, Model]) -> None:
    sign_in(client, "view_suggestion")
    assert leads_to(queue(client, kind="removal_request"), waiting) == {"suggestion"}


def test_staff_without_permissions_are_denied(client: Client, talk: Path) -> None:
    sign_in_as(client, "nobody")
    assert client.get(QUEUE).status_code == 403


def test_readers_are_asked_to_sign_in(client: Client, talk: Path) -> None:
    assert client.get(QUEUE).headers["Location"].startswith("/admin/login/")


def test_the_index_leads_to_the_queue(client: Client, talk: Path) -> None:
    sign_in_as(client, "moderator")
    assert QUEUE in client.get("/admin/").content.decode()
    sign_in_as(client, "nobody")
    assert QUEUE not in client.get("/admin/").content.decode()


@pytest.mark.parametrize(
    "permission",
    ["view_removalrequest", "view_personaldatamatch", "hide_message", "view_suggestion", "view_importproblem"],
)
def test_the_index_links_the_queue_for_each_of_its_permissions(client: Client, talk: Path, permission: str) -> None:
    sign_in(client, permission)
    assert QUEUE in client.get(reverse("admin:index")).content.decode()


def test_entries_are_sorted_by_when_they_are_due_or_were_found(superuser: Client) -> None:
    new, old = make_problem(), make_problem(days_ago=9)
    removal_request = make_case()
    RemovalRequest.objects.filter(pk=removal_request.pk).update(due_at=timezone.now() - dt.timedelta(days=3))
    page = queue(superuser)
    places = [page.index(address(type(row), "change", row.pk)) for row in (old, removal_request, new)]
    assert places == sorted(places)


def test_the_queue_can_show_decided_entries(superuser: Client) -> None:
    suggestion = make_suggestion()
    rows = {"open": make_case(), "removal_request": make_closed(), "finding": match(), "suggestion": suggestion}
    moderation.decide_on_matches([match()], "masked", **why())
    Suggestion.objects.update(state="refused")
    assert leads_to(queue(superuser), rows) == {"open"}
    assert leads_to(queue(superuser, state="decided"), rows) == {"removal_request", "finding", "suggestion"}
    assert leads_to(queue(superuser, state="all"), rows) == set(rows)


def test_all_entries_include_the_open_ones(superuser: Client, waiting: dict[str, Model]) -> None:
    assert leads_to(queue(superuser, state="all"), waiting) == set(waiting)


def test_kinds_that_are_never_decided_are_not_among_the_decided(superuser: Client, waiting: dict[str, Model]) -> None:
    assert leads_to(queue(superuser, state="decided", kind="held"), waiting) == set()


def test_notes_on_imported_files_are_not_in_the_queue(superuser: Client) -> None:
    problem = make_problem()
    ImportProblem.objects.update(is_error=False)
    assert leads_to(queue(superuser), {"note": problem}) == set()


def test_the_queue_can_be_filtered_by_age(superuser: Client) -> None:
    rows = {str(days): make_problem(days_ago=days) for days in (0, 2, 8, 31)}
    assert leads_to(queue(superuser, age="1"), rows) == {"2", "8", "31"}
    assert leads_to(queue(superuser, age="7"), rows) == {"8", "31"}
    assert leads_to(queue(superuser, age="30"), rows) == {"31"}


def test_a_request_waits_since_it_was_received(superuser: Client) -> None:
    rows = {"new": make_case(), "old": make_case()}
    RemovalRequest.objects.filter(pk=rows["old"].pk).update(created_at=timezone.now() - dt.timedelta(days=8))
    assert leads_to(queue(superuser, age="7"), rows) == {"old"}


def test_suggestions_whose_names_were_joined_are_not_in_the_queue(superuser: Client) -> None:
    suggestion = make_suggestion()
    first = suggestion.first
    first.member = suggestion.second.member
    first.save()
    assert leads_to(queue(superuser), {"suggestion": suggestion}) == set()


def test_a_long_queue_has_pages(superuser: Client) -> None:
    problems = [make_problem(days_ago=days) for days in range(60, 0, -1)]
    first, second = queue(superuser, kind="problem"), queue(superuser, kind="problem", page="2")
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in second
    rows = {str(n): problem for n, problem in enumerate(problems)}
    assert leads_to(first, rows) | leads_to(second, rows) == set(rows)
    assert len(leads_to(first, rows)) == moderation_queue.PAGE_SIZE


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "x"}, {"kind": "x"}, {"age": "x"}, {"page": "99999999999"}])
def test_invalid_filters_are_ignored(superuser: Client, waiting: dict[str, Model], query: dict[str, str]) -> None:
    assert leads_to(queue(superuser, **query), waiting) == set(waiting)


def test_an_empty_queue_has_a_notice(superuser: Client) -> None:
    assert "Nothing to review." in queue(superuser, kind="removal_request")


def test_the_queue_takes_few_queries(
    superuser: Client, waiting: dict[str, Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_case()
        make_problem()
    with django_assert_max_num_queries(12) as queries:
        queue(superuser)
    assert not [query for query in queries.captured_queries if "COUNT(" in query["sql"]]


def test_the_queue_does_not_reveal_matched_personal_data(superuser: Client, waiting: dict[str, Model]) -> None:
    assert NUMBER not in queue(superuser)
