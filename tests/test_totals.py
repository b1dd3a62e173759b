from pathlib import Path

import pytest

from tests.totals import Totals, totals_of_junit

REPORT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase name="a"/><testcase name="b"><system-out>noise</system-out></testcase>
{case}
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("case", "totals"),
    [
        ("", Totals(passed=2)),
        ('<testcase name="c"><skipped/></testcase>', Totals(passed=2, skipped=1)),
        ('<testcase name="c"><failure/></testcase>', Totals(passed=2, failed=1)),
        ('<testcase name="c"><error/></testcase>', Totals(passed=2, failed=1)),
    ],
)
def test_each_outcome_is_counted(tmp_path: Path, case: str, totals: Totals) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(case=case))
    assert totals_of_junit(report) == totals


def test_totals_read_as_one_line() -> None:
    assert str(Totals(123, 0, 0) + Totals(skipped=1)) == "123 passed, 0 failed, 1 skipped"
