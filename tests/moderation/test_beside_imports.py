"""A moderator decides while an import is under way: the decision counts."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatlogs import moderation
from chatlogs.importing.importer import Importer
from chatlogs.models import Message, Tombstone
from chatlogs.moderation import Part
from chatlogs.text.masks import BLOCK
from tests.importing.archives import import_tree
from tests.importing.own_databases import Template, run_python
from tests.moderation.deciding import said, shown, why
from tests.moderation.snapshots import check_everything, places_with
from tests.people.people import alias, days_later, import_day, import_day_once, member, write_day

SAID = (("陈江月", "金丝雀来了"), ("石榴", "@陈江月 你好"), ("石榴", "再见"))
EDITED = (("陈江月", "金丝雀来了！"), ("石榴", "@陈江月 您好"), ("石榴", "再见"), ("陈江月", "又一句"))


@pytest.fixture
def imported(db: None, tree: Path) -> Path:
    import_day_once(tree, *SAID)
    return tree


def decide_while_importing(monkeypatch: pytest.MonkeyPatch, perform: Callable[[], object]) -> list[str]:
    """Between the plan for a day and its first writing. Gives what was planned, each time."""
    planned: list[str] = []
    write = Importer._write

    def interposed(self: Importer, *arguments: object) -> None:
        planned.append("again" if planned else "first")
        if len(planned) == 1:
            perform()
        write(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Importer, "_write", interposed)
    return planned


def erase() -> object:
    return moderation.erase([said("金丝雀")], **why())


@pytest.mark.parametrize("edited", [EDITED, (*SAID, ("云", "又一句")), SAID[:2]])
def test_erased_meanwhile_it_stays_erased(
    imported: Path, monkeypatch: pytest.MonkeyPatch, edited: tuple[tuple[str, str], ...]
) -> None:
    planned = decide_while_importing(monkeypatch, erase)
    import_day(imported, *edited)
    assert (places_with("金丝雀"), planned) == (set(), ["first", "again"])
    check_everything()


@pytest.mark.parametrize("part", Part)
def test_hidden_meanwhile_it_stays_hidden(imported: Path, monkeypatch: pytest.MonkeyPatch, part: Part) -> None:
    planned = decide_while_importing(monkeypatch, lambda: moderation.hide([said("金丝雀")], part, **why()))
    import_day(imported, *EDITED)
    message = said("金丝雀")
    assert (message.alias, planned) == (None if part != Part.TEXT else alias("陈江月"), ["first", "again"])
    assert (message.text in shown()) == (part == Part.AUTHOR)
    check_everything()


def test_redacted_meanwhile_it_stays_redacted(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = decide_while_importing(monkeypatch, lambda: moderation.redact(said("金丝雀"), [(0, 3)], **why()))
    import_day(imported, *EDITED)
    assert (shown()[0], planned) == (BLOCK, ["first", "again"])
    check_everything()


def test_who_opts_out_meanwhile_is_not_named(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_while_importing(monkeypatch, lambda: moderation.opt_out(member("陈江月"), "messages", **why()))
    import_day(imported, *EDITED)
    assert not any("金丝雀" in text or "又一句" in text or "陈江月" in text for text in shown())
    check_everything()


def test_who_wants_no_more_imported_meanwhile_is_not(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_while_importing(monkeypatch, lambda: moderation.opt_out(member("陈江月"), "imports", **why()))
    import_day(imported, *EDITED)
    assert places_with("又一句") == set()


def test_a_day_hidden_meanwhile_gets_hidden_messages(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = said("金丝雀").day
    decide_while_importing(monkeypatch, lambda: moderation.hide_day(day, **why()))
    import_day(imported, *EDITED)
    assert shown() == []
    check_everything()


def test_what_is_approved_meanwhile_comes(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    erase()
    import_day(imported, ("陈江月", "另一句"), *SAID[1:])
    decide_while_importing(monkeypatch, lambda: moderation.approve(Tombstone.objects.get(), **why()))
    import_day(imported, ("陈江月", "另一句"), *SAID[1:], ("云", "又一句"))
    assert "另一句" in shown()
    check_everything()


def test_decided_in_another_room_it_is_the_same(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_while_importing(monkeypatch, erase)
    import_day(imported, ("云", "别处"), room="wine-room")
    write_day(imported, days_later(0), *EDITED)
    import_tree(imported)
    assert places_with("金丝雀") == set()
    check_everything()


def test_where_nobody_decides_nothing_is_planned_twice(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = decide_while_importing(monkeypatch, lambda: None)
    import_day(imported, *EDITED)
    assert planned == ["first"]
    assert Message.objects.filter(is_withdrawn=True).count() == 0


# Processes


@pytest.mark.both_databases
def test_two_processes_erase_and_import_at_once(template: Template, tree: Path, tmp_path: Path) -> None:
    name = f"{template.name}_beside"
    planned, decided = tmp_path / "planned", tmp_path / "decided"
    with template.copy(name) as environment:
        write_day(tree, days_later(0), ("陈江月", "zqcanary来了"), *SAID[1:])
        run_python([*PROCESS, "import", str(tree)], environment).check_returncode()
        write_day(tree, days_later(0), ("陈江月", "zqcanary来了"), *SAID[1:], ("云", "又一句"))
        with subprocess.Popen(
            [sys.executable, *PROCESS, "import_slowly", str(tree), str(planned), str(decided)], env=environment
        ) as importing:
            wait_for(planned)
            run_python([*PROCESS, "erase"], environment).check_returncode()
            decided.touch()
            assert importing.wait(60) == 0
        told = run_python([*PROCESS, "tell"], environment).stdout
    assert ("又一句" in told, "zqcanary" in told) == (True, False)


PROCESS = ["-m", "tests.moderation.own_site"]


def wait_for(file: Path) -> None:
    for _ in range(600):
        if file.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{file} does not come")
