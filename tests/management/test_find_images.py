"""The command, and the same step at the end of an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from chatlogs.db import locks
from chatlogs.models import Image
from tests.images.conftest import folder
from tests.images.drawing import put
from tests.management.test_import_transcripts import run
from tests.transcripts.making import DAY, image, write_transcript

__all__ = ["folder"]

pytestmark = pytest.mark.django_db

FILE = "20180327_100010.png"


@pytest.fixture
def tree(tmp_path: Path, folder: Path) -> Path:
    write_transcript(tmp_path / "transcripts", "tea-room", DAY, image("10:00:10", "石榴"), image("10:00:20", "石榴"))
    return tmp_path / "transcripts"


def find_images() -> tuple[int, str, str]:
    return run("--no-progress", command="find_images")


def test_an_import_ends_with_the_pictures(tree: Path, folder: Path) -> None:
    put(folder, FILE)
    outcome = run(tree)
    assert "pictures: 1 of 2 are here; 1 new or changed, 0 gone" in outcome.out
    assert Image.objects.filter(path=FILE).exists()


def test_pictures_that_come_later_are_found(tree: Path, folder: Path) -> None:
    run(tree)
    put(folder, FILE)
    assert find_images() == (0, "pictures: 1 of 2 are here; 1 new or changed, 0 gone\n", "")


def test_a_dry_run_looks_for_none(tree: Path, folder: Path) -> None:
    put(folder, FILE)
    assert "pictures" not in run(tree, "--dry-run").out


def test_without_a_folder_an_import_says_nothing_of_pictures(tree: Path, settings: Settings) -> None:
    settings.IMAGES = None
    assert "pictures" not in run(tree).out


def test_an_unsupported_picture_is_reported_with_its_path(tree: Path, folder: Path) -> None:
    put(folder, f"2018-03/{FILE}", b"<svg/>")
    outcome = run(tree)
    assert (outcome.status, "Traceback" in outcome.err) == (0, False)
    assert f"2018-03/{FILE}: not shown: neither PNG nor JPEG, GIF or WebP" in outcome.err


def test_a_missing_folder_does_not_stop_an_import(tree: Path, folder: Path) -> None:
    folder.rmdir()
    outcome = run(tree)
    assert outcome.status == 0
    assert "the pictures were not updated" in outcome.err


def test_the_command_needs_a_folder(tree: Path, folder: Path, settings: Settings) -> None:
    folder.rmdir()
    assert (find_images()[0], "No such file" in find_images()[2]) == (2, True)
    settings.IMAGES = None
    assert (find_images()[0], "IMAGES is not set" in find_images()[2]) == (2, True)


def test_it_is_refused_while_an_import_runs(tree: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise locks.ImportIsRunning

    monkeypatch.setattr("chatlogs.management.base.import_lock", refuse)
    assert find_images()[0] == 2
