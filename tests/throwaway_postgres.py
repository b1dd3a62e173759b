"""A PostgreSQL cluster of our own, for as long as it is needed.

    python -m tests.throwaway_postgres COMMAND ...

runs a command with the cluster's address in TEST_DATABASE_URL, and ends with its status.
"""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

import psycopg2

from tests.interruption import run_child, signals_wait, termination_unwinds
from tests.postgres_programs import find_programs

USER = DATABASE = "postgres"
PORT = 5432
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresMissing(Exception):
    """PostgreSQL's programs are not installed."""


class PostgresBroken(Exception):
    """PostgreSQL is installed and does not do what we ask."""


@contextmanager
def throwaway_postgres(*, durable: bool = False) -> Iterator[str]:
    """Give the DATABASE_URL of a fresh UTF-8 cluster, and remove the cluster afterwards, whatever happens.

    `durable` keeps every guarantee of a default installation, for measuring; without it a commit does not wait
    for the disk. Only its owner and root can reach it: through a Unix socket in a private folder.
    """
    programs = find_programs()
    if programs is None:
        raise PostgresMissing
    with termination_unwinds():
        cluster = Cluster(programs, _private_folder(durable=durable))
        try:
            with signals_wait():
                cluster.start({} if durable else FAST)
            yield cluster.database_url
        finally:
            with signals_wait():
                cluster.remove()


@dataclass(frozen=True)
class Cluster:
    programs: Path
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database_url(self) -> str:
        # django-environ does not unquote the host part of a URL, so the folder travels as an option.
        return f"postgres://{USER}@/{DATABASE}?host={quote(str(self.folder))}&port={PORT}"

    def start(self, settings: dict[str, str]) -> None:
        self._run("initdb", "--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._configure(settings)
        self._run("pg_ctl", "--wait", "--log", str(self.folder / "log"), "start")
        self._require_utf8()

    def remove(self) -> None:
        try:
            if (self.data / "postmaster.pid").exists():
                self._run("pg_ctl", "--wait", "--mode=immediate", "stop")
        finally:
            shutil.rmtree(self.folder)

    def _configure(self, settings: dict[str, str]) -> None:
        reachable = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "port": str(PORT)}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in {**reachable, **settings}.items())

    def _require_utf8(self) -> None:
        """Under another LC_CTYPE, PostgreSQL does not see Chinese in ILIKE or lower()."""
        with closing(psycopg2.connect(host=str(self.folder), port=PORT, user=USER, dbname=DATABASE)) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
            (locale,) = cursor.fetchone() or ("",)
        if not locale.upper().replace("-", "").endswith("UTF8"):
            raise PostgresBroken(f"the cluster's LC_CTYPE is {locale}, not UTF-8")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), "--pgdata", str(self.data), *arguments],
            cwd=self.folder,
            env=without_postgres_settings(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **_as_account(),
        )
        if done.returncode:
            raise PostgresBroken(f"{program} failed:\n{done.stdout}{done.stderr}{self._log()}")

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""


def without_postgres_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """libpq and the server read PGHOST, PGPORT, PGOPTIONS and more; those are for somebody's other cluster."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def _private_folder(*, durable: bool) -> Path:
    """Under /tmp, because a socket's path ends at 107 bytes; where durability counts, not in memory (tmpfs)."""
    folder = Path(mkdtemp(prefix="qunlu-", dir="/var/tmp" if durable else "/tmp"))
    if account := _account():
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as instead of root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as_account() -> dict[str, Any]:
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def main(command: Sequence[str]) -> int | str:
    try:
        with throwaway_postgres() as url:
            return run_child(command, env={**os.environ, "TEST_DATABASE_URL": url})
    except PostgresMissing:
        print("Skipped: PostgreSQL is not installed. To install it: apt-get install postgresql", file=sys.stderr)
        return 1 if os.environ.get("REQUIRE_ALL", "0") not in {"", "0"} else 0
    except PostgresBroken as problem:
        return str(problem)
    except KeyboardInterrupt:
        return "interrupted"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
