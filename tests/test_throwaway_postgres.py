import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import environ
import psycopg2
import pytest

from tests import throwaway_postgres as module
from tests.postgres_programs import find_programs
from tests.throwaway_postgres import PostgresBroken, PostgresMissing, throwaway_postgres, without_postgres_settings

UNTIL_STOPPED = """
import signal, time
from tests.throwaway_postgres import throwaway_postgres
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
with throwaway_postgres() as url:
    print(url, flush=True)
    time.sleep(60)
"""
needs_postgres = pytest.mark.skipif(find_programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with throwaway_postgres() as url:
        yield url


def folder_of(url: str) -> Path:
    return Path(environ.Env.db_url_config(url)["OPTIONS"]["host"])


def shown(url: str, query: str) -> Any:
    database = environ.Env.db_url_config(url)
    options = {"user": database["USER"], "dbname": database["NAME"], **database["OPTIONS"]}
    with closing(psycopg2.connect(**options)) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        (answer,) = cursor.fetchone() or ("",)
        return answer


@needs_postgres
def test_it_lowers_and_finds_text_in_utf_8(url: str) -> None:
    assert shown(url, "SELECT 'É群' ILIKE 'é群'")


@needs_postgres
def test_it_listens_on_no_network(url: str) -> None:
    assert shown(url, "SHOW listen_addresses") == ""


@needs_postgres
def test_its_folder_is_closed_to_others(url: str) -> None:
    assert folder_of(url).stat().st_mode & 0o777 == 0o700


@needs_postgres
def test_it_does_not_wait_for_the_disk(url: str) -> None:
    assert shown(url, "SHOW fsync") == "off"


@needs_postgres
def test_a_durable_one_waits_for_the_disk() -> None:
    with throwaway_postgres(durable=True) as url:
        assert shown(url, "SHOW fsync") == "on"


@needs_postgres
def test_nothing_remains_after_an_error() -> None:
    with suppress(ZeroDivisionError), throwaway_postgres() as url:
        server = server_of(url)
        raise ZeroDivisionError
    assert not folder_of(url).exists()
    assert not runs(server)


@needs_postgres
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_remains_after_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-c", UNTIL_STOPPED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        server = server_of(url)
        process.send_signal(number)
    assert not folder_of(url).exists()
    assert not runs(server)


def server_of(url: str) -> int:
    return int((folder_of(url) / "data" / "postmaster.pid").read_text().split()[0])


def runs(process: int) -> bool:
    """A process that has ended may stay in the table until somebody collects it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_missing_programs_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_programs", lambda: None)
    with pytest.raises(PostgresMissing), throwaway_postgres():
        pass


def test_a_failing_program_is_quoted_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    initdb, folder = tmp_path / "initdb", tmp_path / "cluster"
    folder.mkdir()
    initdb.write_text("#!/bin/sh\necho no room >&2; exit 1\n")
    initdb.chmod(0o755)
    monkeypatch.setattr(module, "find_programs", lambda: tmp_path)
    monkeypatch.setattr(module, "_account", lambda: None)
    monkeypatch.setattr(module, "_private_folder", lambda *, durable: folder)
    with pytest.raises(PostgresBroken, match="no room"), throwaway_postgres():
        pass
    assert not folder.exists()


def test_settings_for_another_cluster_are_left_out() -> None:
    assert without_postgres_settings({"PGHOST": "elsewhere", "PATH": "/bin"}) == {"PATH": "/bin"}


@needs_postgres
def test_a_command_gets_its_address_and_decides_the_status() -> None:
    code = "import os, sys; sys.exit(7 if os.environ['TEST_DATABASE_URL'].startswith('postgres:') else 1)"
    assert module.main([sys.executable, "-c", code]) == 7


@pytest.mark.parametrize(("required", "status"), [("", 0), ("0", 0), ("1", 1)])
def test_missing_programs_fail_only_where_everything_is_required(
    required: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "find_programs", lambda: None)
    monkeypatch.setenv("REQUIRE_ALL", required)
    assert module.main(["true"]) == status
    assert "apt-get install postgresql" in capsys.readouterr().err
