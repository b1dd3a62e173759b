"""What an import costs: against the floor, by stage, at several sizes, and on an unchanged tree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import write_corpus
from benchmarks.databases import NAMES, Database, Environment, open_database
from benchmarks.nightly import measure_nightly

# The growth of a message's cost is measured from here.
SMALL = 12_000
REPETITIONS = 3
# Above this many messages, one measurement each takes long enough.
LARGE = 500_000
STAGES = ("reading", "parsing", "planning", "writing", "committing and the rest")

Measured = dict[str, float]


def run(scale: int) -> Iterator[str]:
    """The lines of the report, in Markdown."""
    with TemporaryDirectory(prefix="qunlu-corpus-", dir="/var/tmp") as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        write_corpus(small, messages=SMALL)
        summary = write_corpus(large, messages=scale)
        yield f"## Import of {scale:,} messages in {summary.files:,} files"
        for name in NAMES:
            with open_database(name) as database:
                yield from _report(database, small, large, scale)


def _report(database: Database, small: Path, large: Path, scale: int) -> Iterator[str]:
    floors, singles, imports = [], [], []
    for _ in range(1 if scale > LARGE else REPETITIONS):
        floors.append(_task("floor", large, database.make_anew()))
        singles.append(_task("floor_in_one_transaction", large, database.make_anew()))
        environment = database.make_anew()
        imports.append(_task("import_tree", large, environment))
    floor, single, ours = (_fastest(runs) for runs in (floors, singles, imports))
    start, unchanged, new_file = measure_nightly(large, environment)
    smaller = _fastest([_task("import_tree", small, database.make_anew()) for _ in range(REPETITIONS)])
    cost, small_cost = (one["seconds"] / one["messages"] * 1e6 for one in (ours, smaller))
    yield from ("", f"### {database.name}", "", "| what | measured | goal |", "| --- | --- | --- |")
    yield f"| floor: regex, rows, a commit a file | {floor['seconds']:.2f} s | |"
    yield f"| floor in one transaction | {single['seconds']:.2f} s | |"
    yield f"| import | {ours['seconds']:.2f} s | |"
    yield f"| **import / floor** | **{ours['seconds'] / floor['seconds']:.2f}** | ≤ 2 |"
    yield f"| import / floor in one transaction | {ours['seconds'] / single['seconds']:.2f} | |"
    yield f"| unchanged tree, over Django's start ({start:.2f} s) | {unchanged:.3f} s | ≤ 0.1 s |"
    yield f"| one new file to its page, over Django's start | {new_file:.3f} s | ≤ 0.2 s |"
    yield f"| a message at {SMALL:,} | {small_cost:.1f} µs | |"
    yield f"| a message at {scale:,} | {cost:.1f} µs ({cost / small_cost - 1:+.0%}) | within 25 % |"
    yield f"| memory at {SMALL:,} | {smaller['memory']:.0f} MiB | |"
    yield f"| memory at {scale:,} | {ours['memory']:.0f} MiB | flat |"
    yield from ("", f"| stage ({database.name}) | seconds | share |", "| --- | --- | --- |")
    for stage in STAGES:
        yield f"| {stage} | {ours[stage]:.2f} | {ours[stage] / ours['seconds']:.0%} |"


def _task(name: str, folder: Path, environment: Environment) -> Measured:
    command = [sys.executable, "-m", "benchmarks.import_task", name, str(folder)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    measured: Measured = json.loads(done.stdout)
    return measured


def _fastest(runs: list[Measured]) -> Measured:
    return min(runs, key=lambda measured: measured["seconds"])
