"""Databases for processes of their own, of the kind that the tests run on."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ
import psycopg2

from tests.site_environment import ROOT, environment_for_tests

SQLITE = "sqlite"


def given_url() -> str:
    return os.environ.get("DATABASE_URL", "sqlite://")


@contextmanager
def migrated_template(folder: Path) -> Iterator[Template]:
    """An empty, migrated database to make others from, as fast as copying is."""
    template = Template(folder, given_url(), f"qunlu_{secrets.token_hex(4)}")
    template.create()
    try:
        run_python(["manage.py", "migrate", "--verbosity=0"], template.environment).check_returncode()
        yield template
    finally:
        template.drop()


@dataclass(frozen=True)
class Template:
    folder: Path
    url: str
    name: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith(SQLITE)

    @property
    def environment(self) -> dict[str, str]:
        return self.environment_of(self.name)

    def environment_of(self, name: str) -> dict[str, str]:
        if self.is_sqlite:
            return environment_for_tests(self.folder, f"sqlite:///{self.path_of(name)}")
        before, _, options = self.url.partition("?")
        return environment_for_tests(self.folder, f"{before.rpartition('/')[0]}/{name}?{options}")

    def path_of(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def create(self) -> None:
        if not self.is_sqlite:
            self._command(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        self._remove(self.name)

    @contextmanager
    def copy(self, name: str) -> Iterator[dict[str, str]]:
        """The environment of processes that are to use the copy."""
        self.copy_over(name)
        try:
            yield self.environment_of(name)
        finally:
            self._remove(name)

    def copy_over(self, name: str) -> None:
        """Make, or make again, a copy; nobody may be connected to the template."""
        self._remove(name)
        if self.is_sqlite:
            shutil.copy(self.path_of(self.name), self.path_of(name))
        else:
            self._command(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')

    def _remove(self, name: str) -> None:
        if self.is_sqlite:
            for path in self.folder.glob(f"{name}.sqlite3*"):
                path.unlink()
        else:
            self._command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _command(self, command: str) -> None:
        with closing(connect(self.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(command)


def connect(url: str) -> Any:
    database = environ.Env.db_url_config(url)
    return psycopg2.connect(user=database["USER"], dbname=database["NAME"], **database["OPTIONS"])


def run_python(arguments: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def manage(environment: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    return run_python(["manage.py", *map(str, arguments)], environment)
