"""Gone from the files of the database, too, once an erasure is finished."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from tests.importing.own_databases import Template, connect, run_python
from tests.moderation.snapshots import files_with
from tests.transcripts.making import image, link_a, message, write_transcript

pytestmark = pytest.mark.both_databases

TEXT, TITLE, URL = "zqcanary金丝雀来了", "zqcanary金丝雀的文章", "https://read.example.com/zqcanaryurl"
PICTURE, MENTIONED = "https://img.example.org/zqcanarypicture.png", "zqcanary某人甲"
LONG = "".join(Random(0).choices([chr(code) for code in range(0x4E00, 0x9FA0)], k=6_000))
CANARIES = (
    "zqcanary",
    "金丝雀来了",
    "金丝雀的文章",
    "zqcanaryurl",
    "zqcanarypicture",
    "某人甲",
    LONG[:200],
    LONG[-200:],
)
# What PostgreSQL compresses is found by nobody, and long texts are cut into chunks.
FOUND_BEFORE = ("zqcanary", "金丝雀来了", "zqcanaryurl", "zqcanarypicture", "某人甲")


@dataclass
class Site:
    """A database of its own, in files that can be looked into, and the transcripts for it."""

    template: Template
    name: str
    environment: dict[str, str]
    tree: Path

    def do(self, *steps: str) -> subprocess.CompletedProcess[str]:
        done = run_python(["-m", "tests.moderation.own_site", *" -- ".join(steps).split()], self.environment)
        assert done.returncode == 0, done.stderr
        return done

    def files_with(self, *canaries: str) -> dict[str, set[str]]:
        """After what is in PostgreSQL's memory was written, too."""
        if not self.template.is_sqlite:
            self.do("checkpoint")
        pattern = f"{self.name}.sqlite3*" if self.template.is_sqlite else "*"
        return files_with(self.folder, *canaries, pattern=pattern)

    @property
    def folder(self) -> Path:
        if self.template.is_sqlite:
            return self.template.folder
        with closing(connect(self.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            (data,) = cursor.fetchone()
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            (number,) = cursor.fetchone()
        return Path(data) / "base" / str(number)


@pytest.fixture(scope="module")
def full(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """To make others from: the transcripts are imported."""
    name, tree = f"{template.name}_full", tmp_path_factory.mktemp("full") / "transcripts"
    with template.copy(name) as environment:
        site = Site(replace(template, name=name), name, environment, tree)
        write_days(tree)
        site.do(f"import {tree}")
        yield site


@pytest.fixture
def site(full: Site, tmp_path: Path) -> Iterator[Site]:
    name = f"{full.name}_files"
    with full.template.copy(name) as environment:
        yield Site(full.template, name, environment, Path(copytree(full.tree, tmp_path / "transcripts")))


def _say(number: int, day: int, random: Random) -> str:
    return f"@{'丁戊己庚辛'[number % 5]}{number}{day} {random.random()}"


def write_days(tree: Path) -> None:
    """Some days of talk, so that pages of the database are split and filled again, with canaries among it."""
    random = Random(1)
    for day in range(1, 11):
        lines = [
            message(f"{8 + n // 60:02}:{n % 60:02}:00", f"成员{random.randrange(40)}", _say(n, day, random))
            for n in range(150)
        ]
        if day == 4:
            lines[70:70] = [
                message("09:09:59", "陈江月", f"{TEXT}@{MENTIONED} 走"),
                message("09:09:59", "陈江月", link_a(TITLE, URL)),
                image("09:09:59", "陈江月", PICTURE),
                message("09:09:59", "陈江月", f"zqcanary{LONG}"),
            ]
        write_transcript(tree, "tea-room", f"2018-03-{day:02}", *lines)


def test_before_it_is_there(site: Site) -> None:
    assert set(site.files_with(*FOUND_BEFORE)) == set(FOUND_BEFORE)


@pytest.mark.parametrize("steps", [("erase",), ("edit", "erase"), ("redact", "purge"), ("redact", "erase")])
def test_once_finished_it_is_in_no_file(site: Site, steps: tuple[str, ...]) -> None:
    site.do("analyze", *steps, "finish", "analyze")
    assert site.files_with(*CANARIES) == {}


def test_until_it_is_finished_it_is_counted(site: Site) -> None:
    assert site.do("erase", "unfinished", "finish", "unfinished").stdout.split() == ["1", "0"]


def test_the_rest_is_still_there(site: Site) -> None:
    site.do("erase", "finish")
    with_days = site.files_with("成员7")
    assert with_days
    again = site.do(f"import {site.tree}", "unfinished")
    assert (again.stdout.split(), site.files_with(*CANARIES)) == (["0"], {})


def test_an_import_afterwards_brings_nothing_into_the_files(site: Site) -> None:
    site.do("erase", "finish")
    path = site.tree / "tea-room" / "2018-03-04-chat.markdown"
    path.write_bytes(path.read_bytes() + message("23:00:00", "云", "又一句"))
    site.do(f"import {site.tree}")
    assert site.files_with(*CANARIES) == {}
    assert "又一句" in site.files_with("又一句")


@contextmanager
def reading(site: Site) -> Iterator[None]:
    """Somebody who sees the database as it is now, for as long as that takes."""
    if site.template.is_sqlite:
        with closing(sqlite3.connect(site.template.path_of(site.name))) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM chatlogs_message").fetchone()
            yield
            reader.rollback()
        return
    with closing(connect(site.environment["DATABASE_URL"])) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM auth_group")
        yield


def test_a_reader_who_does_not_end_is_not_waited_for_for_ever(site: Site) -> None:
    with reading(site):
        outcome = run_python(["-m", "tests.moderation.own_site", *"erase -- finish 0.3".split()], site.environment)
        assert "TimeoutError" in outcome.stderr
        assert site.do("unfinished").stdout.split() == ["1"]
    site.do("finish")
    assert (site.files_with(*CANARIES), site.do("unfinished").stdout.split()) == ({}, ["0"])


def test_a_reader_who_ends_is_waited_for(site: Site) -> None:
    with ExitStack() as stack:
        stack.enter_context(reading(site))
        site.do("erase")
        arguments = ["-m", "tests.moderation.own_site", "finish", "60"]
        with subprocess.Popen([sys.executable, *arguments], env=site.environment) as waiting:
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(3)
            stack.close()
            assert waiting.wait(60) == 0
    assert site.files_with(*CANARIES) == {}


# Killed


@pytest.mark.parametrize("perform", ["erase", "purge"])
def test_killed_in_the_midst_of_it_all_or_nothing_is_done(site: Site, perform: str) -> None:
    if perform == "purge":
        site.do("redact")
    kills = int(site.do(f"kill_at_statements {perform}").stdout)
    assert kills > 2, "an action has more statements"
    site.do("finish")
    assert site.files_with(*CANARIES) == {}
