"""A file of decisions that the code before migration 0010 exported is still imported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from chatlogs.models import ModerationAction, PendingDecision
from tests.importing.archives import import_tree
from tests.migrations.former_database import DECISIONS, TRANSCRIPTS
from tests.moderation.decisions.rebuilding import export, load_decisions

pytestmark = pytest.mark.django_db

SECTIONS = {"cases": "removal_requests"}
KEYS = {
    "log": {"verb": "kind", "ground": "category", "case": "removal_request"},
    "messages": {"findings": "personal_data_matches", "cases": "removal_requests"},
    "opt_outs": {"sealed": "originals"},
}
TOMBSTONE_KEYS = {"fate": "outcome", "veils": "masks", "later_veils": "later_masks"}
# Decided on, and in none of the transcripts.
ABSENT = "pending20180401"


@pytest.fixture(autouse=True)
def users(db: None) -> None:
    for name in ("moderator", "clerk"):
        User.objects.create_user(name, is_staff=True)


@pytest.fixture
def transcripts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TRANSCRIPTS, tmp_path / "transcripts"))


def renamed(entry: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in entry.items()}


def former() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DECISIONS.read_text("utf-8"))
    return document


def expected() -> dict[str, Any]:
    """The same decisions in version 2."""
    document = renamed(former(), SECTIONS) | {"version": 2}
    for section, names in KEYS.items():
        document[section] = [renamed(one, names) for one in document[section]]
    for tombstone in document["tombstones"]:
        tombstone["messages"] = [renamed(one, TOMBSTONE_KEYS) for one in tombstone["messages"]]
    return document


def test_the_file_has_every_section_filled() -> None:
    assert former()["version"] == 1
    assert all(former().values())


def test_the_file_has_every_kind_of_action() -> None:
    assert {one["verb"] for one in former()["log"]} == set(ModerationAction.Kind.values)


def test_imported_into_an_empty_database_it_is_exported_with_the_new_keys(tmp_path: Path) -> None:
    load_decisions(DECISIONS)
    assert json.loads(export(tmp_path / "decisions.json")) == expected()


def test_all_decisions_are_carried_out_when_the_transcripts_come(tmp_path: Path, transcripts: Path) -> None:
    load_decisions(DECISIONS)
    import_tree(transcripts)
    withdrawn = {one["key"] for one in former()["messages"] if one.get("is_withdrawn") and one["key"] != ABSENT}
    assert set(PendingDecision.objects.values_list("key", flat=True)) == {ABSENT, *withdrawn}
    assert len(withdrawn) == 1
    assert json.loads(export(tmp_path / "decisions.json")) == expected()


def test_importing_the_file_again_changes_nothing(tmp_path: Path, transcripts: Path) -> None:
    load_decisions(DECISIONS)
    import_tree(transcripts)
    before = export(tmp_path / "before.json")
    assert "the archive already has everything in the file" in load_decisions(DECISIONS)
    assert export(tmp_path / "after.json") == before
