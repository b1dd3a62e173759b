"""Kills imports with SIGKILL, completes them and compares what they leave with what an uninterrupted one leaves.

    python -m tests.importing.killing KILLS BEFORE AFTER FOLDER URL NAME

BEFORE and AFTER are trees of transcripts; the one is imported into an empty database, the other over
the one. FOLDER, URL and NAME are those of a `Template`, and DATABASE_URL names a copy to work on.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
django.setup()

from django.db import connection  # noqa: E402

from chatlogs.importing import ImportIsRunning, Options, import_lock, run_import  # noqa: E402
from chatlogs.models import Archive, ImportRun  # noqa: E402
from tests.importing.archives import recount, stored_counters  # noqa: E402
from tests.importing.dumps import Rows, dump_by_natural_keys  # noqa: E402
from tests.importing.own_databases import Template  # noqa: E402

KILLS_A_ROUND = 3
Dump = dict[str, Rows]


class Scenario(NamedTuple):
    """An import of `tree` into a copy of `template`, and what it leaves when it is left alone."""

    template: Template
    tree: Path
    seconds: float
    result: Dump


class Killer:
    def __init__(self, name: str, random: Random) -> None:
        self._name = name
        self._random = random
        self.kills = 0

    def measure(self, template: Template, tree: Path) -> Scenario:
        template.copy_over(self._name)
        begun = time.perf_counter()
        wait_for(start_import(tree))
        return Scenario(template, tree, time.perf_counter() - begun, self._dump())

    def play(self, scenario: Scenario) -> None:
        """One round: kill some imports, each going on where the one before was, and complete the last."""
        scenario.template.copy_over(self._name)
        for _ in range(KILLS_A_ROUND):
            self._kill(start_import(scenario.tree), self._random.uniform(0, scenario.seconds))
        wait_for(start_import(scenario.tree))
        result = self._dump()
        for part, rows in scenario.result.items():
            assert result[part] == rows, f"after kill {self.kills}, {part} differ: {differing(result[part], rows)}"

    def _kill(self, process: int, seconds: float) -> None:
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        self.kills += os.WIFSIGNALED(status)

    def _dump(self) -> Dump:
        assert stored_counters() == recount()
        assert ImportRun.objects.latest("pk").finished_at
        connection.check_constraints()
        dump = dump_by_natural_keys()
        connection.close()
        return dump


def differing(result: Rows, expected: Rows) -> Rows:
    return [*(set(result) ^ set(expected))][:4]


def start_import(tree: Path) -> int:
    """The process that imports; nothing of this one's connections goes with it."""
    connection.close()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        import_when_allowed(tree)
        connection.close()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def import_when_allowed(tree: Path) -> None:
    """PostgreSQL takes a moment to see that the process before was killed."""
    while True:
        try:
            with import_lock():
                run_import([tree], Options(allow_withdrawals=True), lambda *_: None)
            return
        except ImportIsRunning:
            connection.close()
            time.sleep(0.01)


def wait_for(process: int) -> None:
    _, status = os.waitpid(process, 0)
    assert status == 0, f"an import that was left alone ended with {status}"


def main(kills: int, before: Path, after: Path, template: Template) -> None:
    working = replace(template, name=os.environ["WORKING"])
    empty, full = (replace(template, name=f"{template.name}_{word}") for word in ("empty", "full"))
    killer = Killer(working.name, Random(0))
    try:
        template.copy_over(working.name)
        Archive.objects.create(key=b"k" * 32, account_key=b"a" * 32)
        connection.close()
        working.copy_over(empty.name)
        first = killer.measure(empty, before)
        working.copy_over(full.name)
        scenarios = [first, killer.measure(full, after)]
        while killer.kills < kills:
            for scenario in scenarios:
                killer.play(scenario)
    finally:
        for database in (empty, full):
            database.drop()
    print(killer.kills)


if __name__ == "__main__":
    number, *paths, url, name = sys.argv[1:]
    tree_before, tree_after, folder = map(Path, paths)
    main(int(number), tree_before, tree_after, Template(folder, url, name))
