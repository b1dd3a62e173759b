"""The API keeps what its schema promises, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from schemathesis.specs.openapi.checks import positive_data_acceptance

from archive.wsgi import application

OPERATIONS = ["rooms", "room", "days", "messages", "message", "members", "member", "search"]
EXAMPLES = 40


@pytest.fixture
def schema(archive: Path) -> Iterator[Any]:
    """Asked through the site's own door, but on the test's connection, which must stay open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_answer_is_as_promised(name: str, schema: Any) -> None:
    @hypothesis.given(removal_request=schema.find_operation_by_id(name).as_strategy())
    @hypothesis.settings(max_examples=EXAMPLES, derandomize=True, database=None)
    def ask(removal_request: Any) -> None:
        # Valid by the schema is also the key of a member who does not exist.
        removal_request.call_and_validate(excluded_checks=[positive_data_acceptance])

    ask()


def test_all_operations_are_asked(schema: Any) -> None:
    assert sorted(one.ok().definition.raw["operationId"] for one in schema.get_all_operations()) == sorted(OPERATIONS)
