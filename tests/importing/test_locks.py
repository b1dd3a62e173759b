import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from chatlogs.importing import ImportIsRunning, import_lock
from tests.importing.own_databases import manage
from tests.site_environment import ROOT

HOLDER = """
import time
import django

django.setup()

from chatlogs.importing import import_lock

with import_lock():
    print("holding", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_import(site: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    environment = {**site, "DJANGO_SETTINGS_MODULE": "archive.settings"}
    command = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "holding\n"
        try:
            yield holder
        finally:
            holder.kill()


@pytest.mark.both_databases
def test_one_import_at_a_time(site: dict[str, str], tree: Path) -> None:
    with another_import(site):
        while_held = manage(site, "import_transcripts", tree)
    assert (while_held.returncode, while_held.stderr) == (2, "CommandError: another import is running\n")


@pytest.mark.both_databases
def test_a_killed_import_lets_go(site: dict[str, str], tree: Path) -> None:
    with another_import(site) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert manage(site, "import_transcripts", tree).returncode == 0


def test_the_lock_is_released_in_the_end(transactional_db: None) -> None:
    for _ in range(2):
        with import_lock():
            pass


def test_the_lock_is_released_after_a_failure(transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), import_lock():
        raise ZeroDivisionError
    with import_lock():
        pass


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the database were a file, which those of tests on SQLite are not."""
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", tmp_path / "archive.sqlite3")


@pytest.mark.usefixtures("beside")
def test_the_file_beside_the_database_is_locked_for_others() -> None:
    with import_lock(), pytest.raises(ImportIsRunning), import_lock():
        pass


@pytest.mark.usefixtures("beside")
def test_the_file_beside_the_database_stays_and_can_be_locked_again(tmp_path: Path) -> None:
    for _ in range(2):
        with import_lock():
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["archive.sqlite3.import-lock"]
