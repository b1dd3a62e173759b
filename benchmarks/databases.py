"""Creates new, migrated databases to measure on, one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2

from tests.throwaway_postgres import throwaway_postgres

Environment = Mapping[str, str]
NAMES = ("SQLite", "PostgreSQL")


class Database:
    """A server or folder with one database, which is recreated for each measurement."""

    def __init__(self, name: str, url: str, folder: Path) -> None:
        self.name = name
        self._url = url
        self._folder = folder

    def recreate(self) -> Environment:
        """Create and migrate a new database. Return the environment for processes that use it."""
        if self.name == "PostgreSQL":
            self._drop_and_create()
        else:
            for path in self._folder.glob("measured.sqlite3*"):
                path.unlink()
        environment = {**os.environ, "DATABASE_URL": self._url, "VAR_DIR": str(self._folder)}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environment, check=True)
        return environment

    def _drop_and_create(self) -> None:
        connection: Any = psycopg2.connect(self._url.replace("/measured?", "/postgres?"))
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("DROP DATABASE IF EXISTS measured")
        cursor.execute("CREATE DATABASE measured")
        connection.close()


@contextmanager
def open_database(name: str) -> Iterator[Database]:
    """Open a database configured as in production: commits reach the disk."""
    with TemporaryDirectory(prefix="qunlu-bench-", dir="/var/tmp") as folder:
        if name == "SQLite":
            yield Database(name, f"sqlite:///{folder}/measured.sqlite3", Path(folder))
            return
        with throwaway_postgres(durable=True) as url:
            yield Database(name, url.replace("/postgres?", "/measured?"), Path(folder))
