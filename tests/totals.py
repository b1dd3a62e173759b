"""How many tests passed, failed and were skipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Totals:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


ONE_PASSED = Totals(passed=1)
ONE_FAILED = Totals(failed=1)
ONE_SKIPPED = Totals(skipped=1)


def totals_of_junit(report: Path) -> Totals:
    """Count pytest's JUnit report; an error outside the test itself counts as a failure."""
    totals = Totals()
    for removal_request in ElementTree.parse(report).iter("testcase"):
        totals += _outcome({child.tag for child in removal_request})
    return totals


def _outcome(tags: set[str]) -> Totals:
    if tags & {"failure", "error"}:
        return ONE_FAILED
    if "skipped" in tags:
        return ONE_SKIPPED
    return ONE_PASSED
