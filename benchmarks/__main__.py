"""`make bench`: measure, print, and keep the tables in RESULTS.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from itertools import chain
from pathlib import Path

from benchmarks import bench_import, bench_pages, bench_search
from benchmarks.corpora import written_corpora

RESULTS = Path(__file__).with_name("RESULTS.md")
USUAL_SCALE = 120_000


def main() -> None:
    scale = int(os.environ.get("SCALE") or USUAL_SCALE)
    lines = [
        "# Measured",
        "",
        "Made by `make bench`; ratios are of figures from one run. Each figure of the import is the fastest of three",
        "runs (from 500,000 messages on, of one), taken in turns, in a process and on a database of its own.",
        f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}.",
        "",
    ]
    with written_corpora(scale) as corpora:
        for line in chain(bench_import.run(corpora), [""], bench_search.run(corpora), [""], bench_pages.run(corpora)):
            print(line, flush=True)
            lines.append(line)
    path = RESULTS if scale == USUAL_SCALE else RESULTS.with_name(f"RESULTS-{scale}.md")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
