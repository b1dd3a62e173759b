"""What `python -m tests` runs, in order."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.browser.chromium import CHROMIUM_MISSING, find_chromium
from tests.interruption import run_child
from tests.site_environment import environment_for_production, environment_for_tests
from tests.throwaway_postgres import PostgresBroken, PostgresMissing, throwaway_postgres
from tests.totals import ONE_FAILED, ONE_PASSED, ONE_SKIPPED, Totals, totals_of_junit

NO_TESTS_COLLECTED = 5
POSTGRES_MISSING = "PostgreSQL is not installed, so nothing ran on it. To install it: apt-get install postgresql"


@dataclass(frozen=True)
class Result:
    totals: Totals
    remark: str = ""


def run_steps(pytest_arguments: Sequence[str], work: Path) -> Iterator[tuple[str, Result]]:
    """Run every step, whatever fails; `work` is an empty folder for reports and databases."""
    for name, run in steps(pytest_arguments, work).items():
        print(f"== {name}", flush=True)
        yield name, run()


def steps(pytest_arguments: Sequence[str], work: Path) -> dict[str, Callable[[], Result]]:
    testing, production = environment_for_tests(work), environment_for_production(work)
    return {
        "ruff check": partial(run_check, "-m ruff check --quiet .", testing),
        "ruff format": partial(run_check, "-m ruff format --check .", testing),
        "djlint": partial(run_check, "-m djlint --lint --check .", testing),
        "mypy": partial(run_check, "-m mypy", testing),
        "deployment check": partial(run_check, "manage.py check --deploy --fail-level WARNING", production),
        "migrations are complete": partial(run_check, "manage.py makemigrations --check --dry-run", testing),
        "tests on SQLite": partial(run_on_sqlite, pytest_arguments, testing, work),
        "tests on PostgreSQL": partial(run_on_postgres, pytest_arguments, work),
    }


def run_check(python_arguments: str, env: Mapping[str, str]) -> Result:
    """A check counts as one test. Only when it fails is its output shown."""
    with tempfile.TemporaryFile("w+") as output:
        if run_child([sys.executable, *python_arguments.split()], env=env, output=output) == 0:
            return Result(ONE_PASSED)
        output.seek(0)
        print(output.read(), flush=True)
    return Result(ONE_FAILED)


def run_pytest(arguments: Sequence[str], env: Mapping[str, str], report: Path, *, may_be_empty: bool = False) -> Result:
    status = run_child([sys.executable, "-m", "pytest", "-n2", f"--junit-xml={report}", *arguments], env=env)
    totals = totals_of_junit(report) if report.exists() else Totals()
    if status == NO_TESTS_COLLECTED and may_be_empty:
        return Result(totals, "none of the chosen tests belongs here")
    if status and not totals.failed:
        return Result(totals + ONE_FAILED, f"pytest ended with status {status}")
    return Result(totals)


def run_on_sqlite(arguments: Sequence[str], env: Mapping[str, str], work: Path) -> Result:
    """With the tests in a browser, which skip themselves, or fail, where there is none."""
    result = run_pytest(arguments, env, work / "sqlite.xml")
    return result if find_chromium() else Result(result.totals, CHROMIUM_MISSING)


def run_on_postgres(arguments: Sequence[str], work: Path) -> Result:
    try:
        with throwaway_postgres() as database_url:
            env, report = environment_for_tests(work, database_url), work / "postgres.xml"
            return run_pytest(["--database-tests-only", *arguments], env, report, may_be_empty=bool(arguments))
    except PostgresMissing:
        return Result(ONE_FAILED if required(os.environ) else ONE_SKIPPED, POSTGRES_MISSING)
    except PostgresBroken as problem:
        return Result(ONE_FAILED, str(problem))


def required(environment: Mapping[str, str]) -> bool:
    """REQUIRE_ALL=1 turns what cannot run into a failure."""
    return environment.get("REQUIRE_ALL", "") not in {"", "0"}
