"""`python -m tests [pytest's arguments]`: every check and every test, on both databases."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.interruption import termination_unwinds
from tests.site_environment import ROOT
from tests.steps import Result, run_steps
from tests.totals import Totals


def main(pytest_arguments: list[str]) -> int:
    os.chdir(ROOT)
    with termination_unwinds(), TemporaryDirectory(prefix="qunlu-tests-") as work:
        results = dict(run_steps(pytest_arguments, Path(work)))
    totals = sum((result.totals for result in results.values()), Totals())
    report(results, totals)
    return 1 if totals.failed else 0


def report(results: dict[str, Result], totals: Totals) -> None:
    print()
    for name, result in results.items():
        print(f"{'FAILED' if result.totals.failed else '':<7}{name:<24}{result.totals}")
    for name, result in results.items():
        if result.remark:
            print(f"{name}: {result.remark}")
    print(totals)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("interrupted")
