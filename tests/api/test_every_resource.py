"""What holds for every address of the API alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from chatlogs.api.urls import urlpatterns
from chatlogs.models import Member, Message
from tests.small_archive import SPRING, TANG, import_tree
from tests.transcripts.making import message, write_transcript

# With the most queries that each makes: on PostgreSQL, where a time limit is some of them. One each is for who may
# enter which room.
RESOURCES = {
    "rooms/": 2,
    "rooms/tea-room/": 2,
    "days/": 2,
    "days/?room=tea-room&since=2018-01-01": 3,
    "messages/": 9,
    "messages/?q=a&room=tea-room": 12,
    "messages/?newer=NEWER": 11,
    "messages/MESSAGE/": 3,
    "members/": 3,
    "members/?room=tea-room&q=a&silent=1": 5,
    "members/MEMBER/": 3,
    "search/?q=a": 12,
    "search/?facets=1": 18,
    "schema/": 0,
}


@pytest.fixture(params=RESOURCES)
def resource(request: pytest.FixtureRequest, archive: Path) -> str:
    return str(request.param)


@pytest.fixture
def address(resource: str) -> str:
    key = Message.objects.get(text="第二天").key
    member = Member.objects.filter(aliases__name=TANG).first()
    assert member
    return "/api/v1/" + resource.replace("NEWER", key).replace("MESSAGE", key).replace("MEMBER", member.key)


def count_queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_it_answers_in_json(address: str, client: Client) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] in {"application/json", "application/vnd.oai.openapi+json"}
    response.json()


def test_it_answers_a_browser_in_json(address: str, client: Client) -> None:
    response = client.get(address, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "json" in response.headers["Content-Type"]


def test_it_keeps_out_of_search_engines(address: str, client: Client) -> None:
    assert client.get(address).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_it_answers_the_same_in_every_language(address: str, client: Client) -> None:
    answers = {client.get(address, headers={"accept-language": language}).content for language in ("zh-hans", "en")}
    assert len(answers) == 1


def test_its_number_of_queries_is_known(resource: str, address: str, client: Client) -> None:
    assert count_queries(client, address) <= RESOURCES[resource]


def test_its_number_of_queries_does_not_grow_with_the_archive(address: str, archive: Path, client: Client) -> None:
    before = count_queries(client, address)
    for number in range(3):
        many = (message(f"09:{n // 60:02}:{n % 60:02}", f"新人{number}{n}", f"a{n}") for n in range(60))
        write_transcript(archive, f"room-{number}", SPRING, *many)
    import_tree(archive)
    assert count_queries(client, address) <= before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: str(pattern.pattern))
def test_each_address_only_reads(pattern: URLPattern, method: str, client: Client) -> None:
    path = str(pattern.pattern).replace("<room:slug>", "tea-room").replace("<slug:key>", "20180328-000000000000")
    leads_nowhere = "\\" in path
    response = getattr(client, method)("/api/" + ("nothing/" if leads_nowhere else path))
    assert response.status_code == (404 if leads_nowhere else 405)


@pytest.mark.parametrize("path", ["v1/nothing/", "v1/rooms/%00/", "v2/", "v1/messages/%E4%BD%A0/", "v1/rooms/a%0Ab/"])
def test_where_there_is_nothing_that_is_told_in_json(path: str, db: None, client: Client) -> None:
    response = client.get(f"/api/{path}")
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/"])
def test_the_root_leads_to_the_schema(path: str, client: Client) -> None:
    assert client.get(path).headers["Location"] == "/api/v1/schema/"


def test_an_address_without_its_slash_leads_to_the_one_with_it(db: None, client: Client) -> None:
    assert client.get("/api/v1/rooms?page=1").headers["Location"] == "/api/v1/rooms/?page=1"


def test_rooms_take_no_parameter(archive: Path, client: Client) -> None:
    response = client.get("/api/v1/rooms/?page=1")
    assert response.status_code == 400
    assert response.json() == {"page": ["There is no such parameter."]}
