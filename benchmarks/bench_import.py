"""Benchmark of the import: against the floor, by stage, at several sizes, and of an unchanged tree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpora import SMALL, Corpora
from benchmarks.databases import NAMES, Database, Environment, open_database
from benchmarks.nightly import measure_nightly
from benchmarks.tasks import run_task

REPETITIONS = 3
# Above this many messages, everything is measured once.
LARGE = 500_000
STAGES = (
    "reading",
    "parsing",
    "planning",
    "writing",
    "of this, masking",
    "people",
    "of these, mentions",
    "indexing",
    "committing and the rest",
)

Measured = dict[str, float]


def run(corpora: Corpora) -> Iterator[str]:
    """Yield the lines of the report, in Markdown."""
    yield f"## Import of {corpora.scale:,} messages in {corpora.summary.files:,} files"
    yield from ("", "The floor includes neither the search index nor people: a first import creates both at its end.")
    for name in NAMES:
        with open_database(name) as database:
            yield from _report(database, corpora)


def _report(database: Database, corpora: Corpora) -> Iterator[str]:
    floors, singles, imports = [], [], []
    for _ in range(1 if corpora.scale > LARGE else REPETITIONS):
        floors.append(_task("floor", corpora.whole, database.recreate()))
        singles.append(_task("floor_in_one_transaction", corpora.whole, database.recreate()))
        environment = database.recreate()
        imports.append(_task("import_tree", corpora.whole, environment))
    floor, single, ours = (_fastest(runs) for runs in (floors, singles, imports))
    start, unchanged, new_file = measure_nightly(corpora.whole, environment)
    smaller = _fastest([_task("import_tree", corpora.small, database.recreate()) for _ in range(REPETITIONS)])
    cost, small_cost = (one["seconds"] / one["messages"] * 1e6 for one in (ours, smaller))
    without_index = ours["seconds"] - ours["indexing"] - ours["people"]
    people, small_people = (one["people"] / (one["seconds"] - one["people"]) for one in (ours, smaller))
    scale = corpora.scale
    yield from ("", f"### {database.name}", "", "| what | measured | goal |", "| --- | --- | --- |")
    yield f"| floor: regex, rows, one commit per file | {floor['seconds']:.2f} s | |"
    yield f"| floor in one transaction | {single['seconds']:.2f} s | |"
    yield f"| import | {ours['seconds']:.2f} s | |"
    yield f"| import without indexing and people | {without_index:.2f} s | |"
    yield f"| **import without indexing and people / floor** | **{without_index / floor['seconds']:.2f}** | ≤ 2 |"
    yield f"| the same / floor in one transaction | {without_index / single['seconds']:.2f} | |"
    yield f"| import / floor | {ours['seconds'] / floor['seconds']:.2f} | |"
    yield f"| **people (names joined, mentions resolved), on top of the rest** | **{people:.0%}** | ≤ 25 % |"
    yield f"| the same at {SMALL:,} | {small_people:.0%} | |"
    yield f"| unchanged tree, over Django's start ({start:.2f} s) | {unchanged:.3f} s | ≤ 0.1 s |"
    yield f"| one new file until its page is served, over Django's start | {new_file:.3f} s | ≤ 0.2 s |"
    yield f"| per message at {SMALL:,} | {small_cost:.1f} µs | |"
    yield f"| per message at {scale:,} | {cost:.1f} µs ({cost / small_cost - 1:+.0%}) | within 25 % |"
    yield f"| memory at {SMALL:,} | {smaller['memory']:.0f} MiB | |"
    yield f"| memory at {scale:,} | {ours['memory']:.0f} MiB | flat |"
    yield from ("", f"| stage ({database.name}) | seconds | share |", "| --- | --- | --- |")
    for stage in STAGES:
        yield f"| {stage} | {ours[stage]:.2f} | {ours[stage] / ours['seconds']:.0%} |"


def _task(name: str, folder: Path, environment: Environment) -> Measured:
    measured: Measured = run_task("import_task", environment, name, folder)
    return measured


def _fastest(runs: list[Measured]) -> Measured:
    return min(runs, key=lambda measured: measured["seconds"])
