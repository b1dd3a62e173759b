"""Benchmark of searches, by kind, against a scan and the floor, at two sizes; and of the index's size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpora import Corpora
from benchmarks.databases import NAMES, Database, open_database
from benchmarks.tasks import run_task

FIGURES = {"page": "first page", "middle": "page from the middle", "count": "count", "facets": "facets"}
SLOWEST = 8
# Seconds that the view waits for facets before it shows a page without them.
SECONDS_FOR_FACETS = 0.25

Measured = dict[str, Any]


def run(corpora: Corpora) -> Iterator[str]:
    """Yield the lines of the report, in Markdown."""
    yield f"## Search in {corpora.scale:,} messages"
    yield from (
        "",
        "Milliseconds are p50 / p95 / maximum over the searches; of each, the median of five after a warm-up.",
    )
    yield "A page includes its rows. Searches are stopped after 3 s, as on the site."
    for name in NAMES:
        with open_database(name) as database:
            smaller = _measure(database, corpora.tenth, corpora.folder / "words-tenth.json")
            measured = _measure(database, corpora.whole, corpora.folder / "words-whole.json")
        yield from ("", f"### {name}", "", "| what | measured | goal |", "| --- | --- | --- |")
        yield from _speed(measured)
        yield _growth(measured, smaller, corpora)
        yield from _index(measured)
        yield from _groups(name, measured)
        yield from _slowest(name, measured["searches"])


def _measure(database: Database, corpus: Path, words: Path) -> Measured:
    """Measure on a new database. Both databases of a run get the same searches."""
    environment = database.recreate()
    imported = run_task("import_task", environment, "import_tree", corpus)
    if not words.exists():
        words.write_text(json.dumps(run_task("search_task", environment, "choose")))
    measured: Measured = run_task("search_task", environment, "measure", words)
    return {**measured, "imported": imported}


def _speed(measured: Measured) -> Iterator[str]:
    searches, floor = measured["searches"], measured["floor"]
    page, count, facets = (_values(searches, figure) for figure in ("page", "count", "facets"))
    scan = median(_values(measured["scans"], "seconds"))
    in_time = sum(seconds <= SECONDS_FOR_FACETS for seconds in facets) / len(facets)
    yield f"| floor: {measured['page_size']} rows by primary key | {floor * 1000:.1f} ms | |"
    yield f"| scan: a count with LIKE, p50 of {len(measured['scans'])} words | {scan * 1000:,.0f} ms | |"
    yield f"| **first page**, {len(searches)} searches | {_quantiles(page)} ms | p95 ≤ 20, most ≤ 150 |"
    yield f"| first page p50 / floor | {median(page) / floor:.1f} | |"
    yield f"| **scan / first page p50** | {scan / median(page):.0f} | ≥ 100 at 1,200,000 |"
    yield f"| **scan / first page p95** | {scan / _p95(page):.0f} | ≥ 15 at 1,200,000 |"
    yield f"| page from the middle | {_quantiles(_values(searches, 'middle'))} ms | most ≤ 150 |"
    yield f"| count, exact or over 10,000 | {_quantiles(count)} ms | p95 ≤ 40, most ≤ 150 |"
    yield f"| facets | {_quantiles(facets)} ms | |"
    yield f"| facets within the view's {SECONDS_FOR_FACETS:.2f} s | {in_time:.0%} | |"
    yield f"| first page on a new connection, p50 | {median(measured['connecting']) * 1000:.1f} ms | |"


def _growth(measured: Measured, smaller: Measured, corpora: Corpora) -> str:
    before, now = (median(_values(one["searches"], "page")) for one in (smaller, measured))
    what = f"first page p50, from {corpora.tenth_scale:,} to {corpora.scale:,} messages"
    return f"| {what} | {before * 1000:.1f} → {now * 1000:.1f} ms (× {now / before:.2f}) | ≤ × 2 |"


def _index(measured: Measured) -> Iterator[str]:
    seconds, number = measured["imported"]["indexing"], measured["indexed"]
    sizes = dict(measured["sizes"])
    messages = sizes.pop("messages")
    yield f"| building the index, at the import's end | {seconds:.1f} s, {number / seconds:,.0f} messages/s | |"
    yield f"| the messages' table, without its indexes | {messages / 2**20:.1f} MiB | |"
    total = 0
    for place, (part, size) in enumerate(sizes.items()):
        total += size
        name, goal = (f"+ {part}", "") if place else (f"**{part} / messages**", "≤ 1.1")
        yield f"| {name} | {size / 2**20:.1f} MiB, {total / messages:.2f} | {goal} |"


def _groups(name: str, measured: Measured) -> Iterator[str]:
    yield from ("", f"| searches ({name}, ms) | number | {' | '.join(FIGURES.values())} |")
    yield f"| --- | --- |{' --- |' * len(FIGURES)}"
    for group in measured["groups"]:
        searches = [search for search in measured["searches"] if group in search["groups"]]
        if searches:
            figures = " | ".join(_quantiles(_values(searches, figure)) for figure in FIGURES)
            yield f"| {group} | {len(searches)} | {figures} |"


def _slowest(name: str, searches: Sequence[Measured]) -> Iterator[str]:
    yield from ("", f"| slowest first pages ({name}) | found | ms |", "| --- | --- | --- |")
    for search in sorted(searches, key=lambda search: -float(search["page"]))[:SLOWEST]:
        yield f"| `{search['label'].replace('|', ' ')}` | {search['found']:,} | {search['page'] * 1000:.1f} |"


def _values(measured: Iterable[Measured], figure: str) -> list[float]:
    return sorted(one[figure] for one in measured)


def _quantiles(seconds: Sequence[float]) -> str:
    return " / ".join(f"{value * 1000:,.1f}" for value in (median(seconds), _p95(seconds), seconds[-1]))


def _p95(ordered: Sequence[float]) -> float:
    return ordered[ceil(len(ordered) * 0.95) - 1]
