"""Put each fault of the catalogue into a copy of the working tree, and run the tests that are expected to catch it.

    python -m tests.faults [NAME ...]

A NAME is a part of a fault's name; without any, all faults are tried. A fault that its tests miss is tried with the
tests of its package. Ends with 1 if a fault is not caught by its own tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.faults.catalogue import ROOT, Fault, FaultDoesNotFit, read_faults
from tests.throwaway_postgres import throwaway_postgres

# Two cores, a copy for each.
AT_ONCE = 2

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "var", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"
)
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)

# Of pytest: all tests passed; some failed.
PASSED, FAILURES = 0, 1

# Anything that uses the database, to have it migrated.
SMALL_TEST = "tests/test_audit.py"


@dataclass(frozen=True)
class Result:
    """What became of a fault: `verdict` is "caught", "caught elsewhere", "missed" or "broken"."""

    fault: Fault
    verdict: str
    detail: str
    seconds: float


class Copy:
    """A copy of the working tree in which tests run, on SQLite with a copy of a database that is migrated already."""

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self._folder = folder
        self._database_url = database_url
        self._database = folder / "faults.sqlite3"
        self._migrated = folder / "migrated.sqlite3"

    @contextmanager
    def with_fault(self, fault: Fault) -> Iterator[None]:
        """Change the file, and restore it with its time, by which Python knows the compiled module."""
        path = self._folder / fault.path
        before, status = path.read_bytes(), path.stat()
        path.write_text(fault.apply(before.decode()), encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def migrate(self) -> None:
        done = self.run([SMALL_TEST])
        if done.returncode != PASSED:
            raise SystemExit(f"The database cannot be made:\n{done.stdout}{done.stderr}")
        self._database.rename(self._migrated)

    def run(
        self, tests: Sequence[str], *options: str, postgresql: bool = False, keeps_compiled: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run pytest on these tests, without any settings of the caller's."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
        environment |= {} if keeps_compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
        if postgresql:
            environment["TEST_DATABASE_URL"] = self._database_url
        else:
            environment["FAULTS_DATABASE"] = str(self._database)
            options = (*options, "--ds=tests.faults.settings", "--reuse-db")
            for path in self._folder.glob(f"{self._database.name}*"):
                path.unlink()
            if self._migrated.exists():
                shutil.copy(self._migrated, self._database)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=line", "-p", "no:cacheprovider", *options, *tests],
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


def main(names: Sequence[str]) -> int:
    faults = [fault for fault in read_faults() if not names or any(name in fault.name for name in names)]
    if not faults:
        print("no fault has such a name", file=sys.stderr)
        return 2
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="qunlu-faults-")))
        database_urls = [
            stack.enter_context(throwaway_postgres()) if any(fault.postgresql for fault in faults) else ""
            for _ in range(AT_ONCE)
        ]
        shutil.copytree(ROOT, folder / "0", ignore=NOT_COPIED)
        first = Copy(folder / "0", database_urls[0])
        first.migrate()
        if not check_without_faults(first, faults):
            return 1
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number, database_url in enumerate(database_urls):
            if number:
                shutil.copytree(folder / "0", folder / str(number))
            copies.put(Copy(folder / str(number), database_url))

        def try_and_print(fault: Fault) -> Result:
            copy = copies.get()
            try:
                result = try_fault(copy, fault)
            finally:
                copies.put(copy)
            print(f"{result.verdict:<16} {result.seconds:5.1f} s  {fault.name}: {result.detail}", flush=True)
            return result

        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            results = list(pool.map(try_and_print, faults))
        finally:
            pool.shutdown(cancel_futures=True)
    print_table(results, time.monotonic() - started)
    return int(any(result.verdict != "caught" for result in results))


def check_without_faults(copy: Copy, faults: Sequence[Fault]) -> bool:
    """Run the named tests on the code as it is, which none of them may fail."""
    for postgresql, quick in ((False, True), (False, False), (True, True), (True, False)):
        of_kind = [fault for fault in faults if (fault.postgresql, fault.quick) == (postgresql, quick)]
        tests = list(dict.fromkeys(test for fault in of_kind for test in fault.tests))
        if not tests:
            continue
        options = [f"-n{min(AT_ONCE, len(tests))}", *([] if quick else ["--thorough"])]
        done = copy.run(tests, *options, postgresql=postgresql, keeps_compiled=True)
        if done.returncode != PASSED:
            print(f"The tests fail without any fault:\n{done.stdout}{done.stderr}")
            return False
        print(done.stdout.strip().splitlines()[-1], "without faults", flush=True)
    return True


def try_fault(copy: Copy, fault: Fault) -> Result:
    started = time.monotonic()
    options = ["-x", *([] if fault.quick else ["--thorough"])]

    def result(verdict: str, detail: str) -> Result:
        return Result(fault, verdict, detail, time.monotonic() - started)

    try:
        with copy.with_fault(fault):
            done = copy.run(fault.tests, *options, postgresql=fault.postgresql)
            if done.returncode == FAILURES:
                return result("caught", find_failed(done.stdout))
            if done.returncode != PASSED:
                return result("broken", (done.stdout + done.stderr).strip())
            done = copy.run(fault.package_tests, *options, postgresql=fault.postgresql)
            if done.returncode == FAILURES:
                return result("caught elsewhere", find_failed(done.stdout))
            return result("missed", f"by {', '.join(fault.tests)} and by {', '.join(fault.package_tests)}")
    except FaultDoesNotFit as error:
        return result("broken", str(error))


def find_failed(output: str) -> str:
    failed = FAILED.search(output)
    return failed[1] if failed else output


def print_table(results: Sequence[Result], seconds: float) -> None:
    print("\n| Fault | File | Caught by | Seconds |\n| --- | --- | --- | ---: |")
    for one in results:
        by = one.detail if one.verdict == "caught" else one.verdict
        print(f"| {one.fault.name} | {one.fault.path} | {by} | {one.seconds:.1f} |")
    caught = sum(one.verdict == "caught" for one in results)
    quick = sum(one.verdict == "caught" and one.fault.quick for one in results)
    print(f"\n{caught} of {len(results)} faults caught by their tests, {quick} by the quick suite, in {seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
