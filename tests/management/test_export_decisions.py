"""The command; `tests/moderation/decisions` tests the file's content."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from chatlogs.importing import ImportIsRunning
from tests.people.people import import_day


def export_decisions(*arguments: object) -> str:
    out = StringIO()
    call_command("export_decisions", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def tree(tmp_path: Path, db: None) -> Path:
    import_day(tmp_path / "transcripts", "陈江月")
    return tmp_path


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_without_a_file_it_prints(tree: Path, arguments: list[str]) -> None:
    assert json.loads(export_decisions(*arguments))["format"] == "qunlu-curation"


def test_a_file_has_what_it_would_print(tree: Path) -> None:
    file = tree / "curation.json"
    assert export_decisions(file) == f"written to {file}; it contains the archive's secret keys and personal data\n"
    assert file.read_text(encoding="utf-8") == export_decisions()


def test_only_its_owner_may_read_the_file(tree: Path) -> None:
    file = tree / "curation.json"
    file.touch(0o644)
    export_decisions(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tree.iterdir() if path.is_file()] == [file.name]


def test_a_folder_that_is_not_there_is_status_2(tree: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory") as failed:
        export_decisions(tree / "nowhere" / "curation.json")
    assert failed.value.returncode == 2


def test_without_an_archive_it_is_status_2(db: None) -> None:
    with pytest.raises(CommandError, match="there is no archive yet") as failed:
        export_decisions()
    assert failed.value.returncode == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [(ImportIsRunning(), "an import is running"), (OperationalError("gone\nfar"), "the database failed: gone$")],
)
def test_errors_have_status_2(db: None, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("chatlogs.management.base.import_lock", fail)
    with pytest.raises(CommandError, match=told) as failed:
        export_decisions()
    assert failed.value.returncode == 2
