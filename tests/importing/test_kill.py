import re
from pathlib import Path
from random import Random

import pytest

from benchmarks.corpus import write_corpus
from tests.importing.own_databases import Template, run_python
from tests.transcripts.making import message

KILLS, MESSAGES = 6, 1_500
MORE_KILLS, MORE_MESSAGES = 25, 3_000


@pytest.mark.both_databases
def test_imports_killed_at_any_point_end_like_an_uninterrupted_one(
    tmp_path: Path, template: Template, is_thorough: bool
) -> None:
    kills, messages = (MORE_KILLS, MORE_MESSAGES) if is_thorough else (KILLS, MESSAGES)
    before, after = tmp_path / "before", tmp_path / "after"
    for tree in (before, after):
        write_corpus(tree, messages=messages)
    edit_tree(after)
    with template.copy(f"{template.name}_killed") as environment:
        harness = ["-m", "tests.importing.killing", str(kills), str(before), str(after)]
        of_template = [str(template.folder), template.url, template.name]
        environment["WORKING"] = f"{template.name}_killed"
        outcome = run_python([*harness, *of_template], environment)
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) >= kills


def edit_tree(tree: Path) -> None:
    """Of every second file some texts or names are corrected, or messages are gone or new."""
    random = Random(0)
    for path in sorted(tree.rglob("*.markdown"))[::2]:
        edit = random.choice([retype, rename, shorten, lengthen])
        path.write_bytes(edit(path.read_bytes()))


def retype(data: bytes) -> bytes:
    return data.replace("的".encode(), "之".encode())


def rename(data: bytes) -> bytes:
    """Every sender, in the first half of the day."""
    return re.sub(rb"^(> (?:0|10|11).*\S)  $", rb"\1_2  ", data, flags=re.MULTILINE)


def shorten(data: bytes) -> bytes:
    front, *messages = data.split(b"\n> ")
    return b"\n> ".join([front, *messages[len(messages) // 3 :]])


def lengthen(data: bytes) -> bytes:
    return data + message("23:59:59", "云", "晚安")
