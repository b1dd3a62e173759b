"""Benchmark of pages, cached and rendered, against a bare page with the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.corpora import Corpora
from benchmarks.databases import NAMES, open_database
from benchmarks.tasks import run_task

Measured = dict[str, Any]


def run(corpora: Corpora) -> Iterator[str]:
    """Yield the lines of the report, in Markdown."""
    yield f"## Pages of {corpora.scale:,} messages"
    yield ""
    yield "One process, all of Django but the server. The bare page returns the same bytes from a row found by its"
    yield "primary key; the two take turns. Shares are of the bare page's requests per second: the goal is"
    yield "60 % for days, 15 % for other pages, and at most 12 queries. A page is cached until the archive changes."
    for name in NAMES:
        with open_database(name) as database:
            environment = database.recreate()
            run_task("import_task", environment, "import_tree", corpora.whole)
            measured = run_task("pages_task", environment, "measure")
        yield from (
            "",
            f"### {name}",
            "",
            "| page | bare | cached | share | rendered | share | queries | KB | compressed |",
        )
        yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        yield from map(_line, measured["pages"])
        yield from ("", _rendering(measured["rendering"]))


def _line(page: Measured) -> str:
    figures = [
        f"{1 / page['bare']:,.0f}/s",
        f"{1 / page['again']:,.0f}/s",
        f"**{page['bare'] / page['again']:.0%}**",
        f"{page['made'] * 1000:.1f} ms",
        f"{page['bare'] / page['made']:.0%}",
        str(page["queries"]),
        f"{page['bytes'] / 1000:.1f}",
        f"{page['compressed'] / 1000:.1f}",
    ]
    return f"| {page['name']} | {' | '.join(figures)} |"


def _rendering(rendering: Measured) -> str:
    seconds = rendering["seconds"] * 1000
    return f"{rendering['messages']:,} messages, from the database to HTML: **{seconds:.0f} ms** (goal 60)."
