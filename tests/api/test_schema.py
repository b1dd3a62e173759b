"""The schema is complete and valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from chatlogs.api.parameters import DESCRIPTIONS, OF_MEMBERS
from chatlogs.api.schema import make_schema
from chatlogs.web.filters import MemberFilter, MessageFilter


def parameters_of(path: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in make_schema()["paths"][path]["get"].get("parameters", [])}


def test_it_is_valid_and_nothing_in_it_is_guessed(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_it_is_served(client: Client) -> None:
    response = client.get("/api/v1/schema/")
    assert response.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert response.json()["openapi"].startswith("3.")


def test_it_is_served_to_those_who_ask_for_json(client: Client) -> None:
    response = client.get("/api/v1/schema/", headers={"accept": "application/json"})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("path", ["/api/v1/messages/", "/api/v1/search/"])
def test_it_describes_each_filter(path: str) -> None:
    described = parameters_of(path)
    for name in MessageFilter.base_filters:
        assert described[name]["description"] == DESCRIPTIONS[name]


def test_it_describes_each_filter_of_members() -> None:
    described = parameters_of("/api/v1/members/")
    for name in MemberFilter.base_filters:
        assert described[name]["description"] == OF_MEMBERS[name]


@pytest.mark.parametrize("path", ["/api/v1/messages/", "/api/v1/search/"])
def test_it_describes_cursors_and_the_size_of_a_page(path: str) -> None:
    assert {"older", "newer", "page_size"} <= parameters_of(path).keys()


def test_it_tells_the_values_there_are() -> None:
    described = parameters_of("/api/v1/messages/")
    assert described["kind"]["schema"]["enum"] == ["text", "image", "link", "file", "unsupported"]
    assert described["q"]["schema"]["maxLength"] == 100
    assert described["since"]["schema"]["format"] == "date"
    assert parameters_of("/api/v1/members/")["silent"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 36500}
    assert described["page_size"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}


@pytest.mark.parametrize("path", make_schema()["paths"])
def test_every_operation_tells_what_can_go_wrong(path: str) -> None:
    assert {"200", "400", "429"} <= make_schema()["paths"][path]["get"]["responses"].keys()


@pytest.mark.parametrize("path", make_schema()["paths"])
def test_every_operation_only_reads(path: str) -> None:
    assert list(make_schema()["paths"][path]) == ["get"]
