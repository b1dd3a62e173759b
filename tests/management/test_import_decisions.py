"""The command, also from one kind of database to the other; `tests/moderation/decisions` tests the import itself."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError

from chatlogs.importing import ImportIsRunning
from chatlogs.models import Archive
from tests.importing.own_databases import run_python
from tests.moderation.decisions.curated import make
from tests.moderation.decisions.rebuilding import export, seen
from tests.postgres_programs import find_programs
from tests.site_environment import environment_for_tests
from tests.throwaway_postgres import throwaway_postgres

REBUILD = """
import sys
import django
from django.core.management import call_command
django.setup()
from django.contrib.auth.models import User
folder = sys.argv[1]
file = f"{folder}/curation.json"
call_command("migrate", verbosity=0)
User.objects.create_user("he", is_staff=True)
call_command("import_decisions", file)
call_command("import_transcripts", f"{folder}/transcripts", no_progress=True)
call_command("import_decisions", file)
call_command("check_index")
call_command("export_decisions", f"{folder}/again.json")
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
    """Return the decisions file of an archive that has only its keys."""
    Archive.objects.create()
    file = tmp_path / "curation.json"
    export(file)
    return file


def test_a_file_with_nothing_new_is_reported(file: Path) -> None:
    assert import_decisions(file) == "the archive already has everything in the file\n"


def test_a_file_that_is_not_there_is_status_2(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="No such file or directory") as failed:
        import_decisions(tmp_path / "nowhere")
    assert failed.value.returncode == 2


def test_a_file_of_a_later_version_is_status_2(file: Path) -> None:
    file.write_text(json.dumps({"format": "qunlu-curation", "version": 3}))
    with pytest.raises(CommandError, match="version 3: this program reads version 2") as failed:
        import_decisions(file)
    assert failed.value.returncode == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [(ImportIsRunning(), "an import is running"), (OperationalError("gone\nfar"), "the database failed: gone$")],
)
def test_errors_have_status_2(file: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr("chatlogs.management.base.import_lock", fail)
    with pytest.raises(CommandError, match=told) as failed:
        import_decisions(file)
    assert failed.value.returncode == 2


@pytest.fixture
def curated(tmp_path: Path, db: None) -> Path:
    """Return a folder with the transcripts of an archive with decisions, and the decisions file."""
    tree = tmp_path / "transcripts"
    tree.mkdir()
    make(tree, User.objects.create_user("he", is_staff=True))
    export(tmp_path / "curation.json")
    return tmp_path


def rebuild(folder: Path, environment: dict[str, str]) -> None:
    """Rebuild by commands in a separate process, and compare what can be seen."""
    file = folder / "curation.json"
    environment = environment | {"DJANGO_SETTINGS_MODULE": "archive.settings"}
    rebuilt = run_python(["-c", REBUILD, str(folder)], environment)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert rebuilt.stdout.splitlines()[-1] == f"{seen()!r}"
    assert (folder / "again.json").read_bytes() == file.read_bytes()


# From one kind of database to the other; with --thorough also to the same kind.


def is_same_kind(name: str) -> bool:
    return name in settings.DATABASES["default"]["ENGINE"]


def thorough_if(is_thorough: bool) -> pytest.MarkDecorator:
    return pytest.mark.thorough if is_thorough else pytest.mark.both_databases


@thorough_if(is_same_kind("sqlite"))
def test_a_new_sqlite_database_is_as_this_one(curated: Path, tmp_path: Path) -> None:
    rebuild(curated, environment_for_tests(tmp_path))


@thorough_if(is_same_kind("postgresql"))
@pytest.mark.skipif(find_programs() is None, reason="PostgreSQL's programs are not installed")
def test_a_new_postgresql_database_is_as_this_one(curated: Path, tmp_path: Path) -> None:
    with throwaway_postgres() as url:
        rebuild(curated, environment_for_tests(tmp_path, url))
