"""The command; what becomes of a file is in `tests/curation`. Here also from one kind of database to the other."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from chatlogs.importing import ImportIsRunning
from chatlogs.models import Archive
from tests.importing.own_databases import manage, run_python
from tests.moderation.decisions.curated import make
from tests.moderation.decisions.rebuilding import export, seen
from tests.postgres_programs import find_programs
from tests.site_environment import environment_for_tests
from tests.throwaway_postgres import throwaway_postgres

LOOK = """
import django
django.setup()
from tests.moderation.decisions.rebuilding import seen, texts_and_sources
from tests.moderation.decisions.curated import CANARIES
print(repr(seen()))
everything = texts_and_sources()
assert not [canary for canary in CANARIES if canary in everything]
"""


def import_decisions(*arguments: object) -> str:
    out = StringIO()
    call_command("import_decisions", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path, db: None) -> Path:
    """Of an archive with nothing but its keys."""
    Archive.objects.create()
    file = tmp_path / "curation.json"
    export(file)
    return file


def test_where_all_is_so_it_says_so(file: Path) -> None:
    assert import_decisions(file) == "all is as the file says\n"


def test_a_file_that_is_not_there_is_status_2(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="No such file or directory") as failed:
        import_decisions(tmp_path / "nowhere")
    assert failed.value.returncode == 2


def test_a_file_of_a_later_version_is_status_2(file: Path) -> None:
    file.write_text(json.dumps({"format": "qunlu-curation", "version": 2}))
    with pytest.raises(CommandError, match="version 2: this program reads version 1") as failed:
        import_decisions(file)
    assert failed.value.returncode == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [(ImportIsRunning(), "an import is running"), (OperationalError("gone\nfar"), "the database failed: gone$")],
)
def test_what_goes_wrong_is_status_2(file: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("chatlogs.management.commands.import_decisions.import_lock", fail)
    with pytest.raises(CommandError, match=told) as failed:
        import_decisions(file)
    assert failed.value.returncode == 2


@pytest.fixture
def curated(tmp_path: Path, db: None) -> Path:
    """A folder with the transcripts of a curated archive, and the file."""
    tree = tmp_path / "transcripts"
    tree.mkdir()
    make(tree, User.objects.create_user("he", is_staff=True))
    export(tmp_path / "curation.json")
    return tmp_path


def rebuild(folder: Path, environment: dict[str, str]) -> None:
    """By commands, in processes of their own; what is seen is compared with what is seen here."""
    file = folder / "curation.json"
    for command in (
        ["migrate", "--verbosity=0"],
        ["shell", "-c", "from django.contrib.auth.models import User; User.objects.create_user('he', is_staff=True)"],
        ["import_decisions", file],
        ["import_transcripts", folder / "transcripts", "--no-progress"],
        ["import_decisions", file],
        ["check_index"],
        ["export_decisions", folder / "again.json"],
    ):
        manage(environment, *command).check_returncode()
    looked = run_python(["-c", LOOK], environment | {"DJANGO_SETTINGS_MODULE": "archive.settings"})
    assert looked.returncode == 0, looked.stderr
    assert looked.stdout == f"{seen()!r}\n"
    assert (folder / "again.json").read_bytes() == file.read_bytes()


def test_a_new_sqlite_database_is_as_this_one(curated: Path, tmp_path: Path) -> None:
    rebuild(curated, environment_for_tests(tmp_path))


@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL's programs are not installed")
def test_a_new_postgresql_database_is_as_this_one(curated: Path, tmp_path: Path) -> None:
    with throwaway_postgres() as url:
        rebuild(curated, environment_for_tests(tmp_path, url))
