"""What is inserted from a snapshot is what was imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from chatlogs.models import Message, SourceFile
from chatlogs.search import sync
from tests import worlds
from tests.importing.archives import import_tree, recount, stored_counters
from tests.importing.dumps import Rows, dump_by_natural_keys
from tests.small_archive import write_archive
from tests.transcripts.making import DAY, message, write_transcript
from tests.worlds import build_once, import_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def nothing_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "_snapshots", {})


@pytest.fixture
def imported(tmp_path: Path) -> dict[str, Rows]:
    """What an import of the first folder left."""
    write_archive(tmp_path / "first")
    with transaction.atomic():
        import_once(tmp_path / "first")
        rows = dump_by_natural_keys()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    return rows


@pytest.fixture
def again(imported: dict[str, Rows], tmp_path: Path) -> Path:
    """Another folder with the same files, imported from the snapshot of the first."""
    write_archive(tmp_path / "again")
    import_once(tmp_path / "again")
    return tmp_path / "again"


def test_its_rows_are_those_of_an_import(imported: dict[str, Rows], again: Path) -> None:
    assert imported["messages"]
    moved = repr(imported).replace("/first/", "/again/")
    assert repr(dump_by_natural_keys()) == moved
    assert stored_counters() == recount()


def test_its_index_is_complete(again: Path) -> None:
    assert not sync.check()


def test_its_files_are_where_they_were_imported_from(again: Path) -> None:
    assert all(path.startswith(f"{again}/") for path in SourceFile.objects.values_list("path", flat=True))


def test_importing_the_same_files_finds_them_unchanged(again: Path) -> None:
    files = import_tree(again).files
    assert files["unchanged"] == sum(files.values())  # type: ignore[index]


def test_further_rows_get_numbers_of_their_own(again: Path) -> None:
    write_transcript(again, "porch", DAY, message("09:00:00", "云", "早"))
    assert import_tree(again).messages["created"] == 1


def test_another_folder_is_imported(again: Path, tmp_path: Path) -> None:
    with transaction.atomic():
        write_transcript(tmp_path / "else", "porch", DAY, message("09:00:00", "云", "早"))
        import_once(tmp_path / "else")
        assert Message.objects.filter(room__slug="porch").exists()
        transaction.set_rollback(True)


def test_what_else_was_built_is_inserted_too(tmp_path: Path) -> None:
    calls = []

    def build() -> None:
        calls.append(1)
        Group.objects.create(name="readers")

    for _ in range(2):
        with transaction.atomic():
            build_once("readers", build, tmp_path)
            assert Group.objects.filter(name="readers").exists()
            transaction.set_rollback(True)
    assert calls == [1]
