"""What the import and picture commands print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import OutputWrapper

from chatlogs.importing import FileReport, Report, Status

if TYPE_CHECKING:
    from tqdm import tqdm

    from chatlogs.images.matching import PictureReport


OUTCOMES = ("created", "changed", "unchanged", "withdrawn", "rejected")
LONGEST_TEXT = 60


class ImportOutput:
    """Shows a progress bar on a terminal, plain lines otherwise; problems go to standard error."""

    def __init__(self, out: OutputWrapper, err: OutputWrapper, quiet: bool, dry_run: bool) -> None:
        self._out = out
        self._err = err
        self._quiet = quiet
        self._dry_run = dry_run
        self._on_terminal = sys.stderr.isatty()
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> ImportOutput:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show_file(self, report: FileReport, total: int) -> None:
        if not self._quiet and self._on_terminal:
            if self._bar is None:
                from tqdm import tqdm

                self._bar = tqdm(total=total, unit=" files", leave=False)
            self._bar.update()
        elif not self._quiet and report.status not in (Status.UNCHANGED, Status.REJECTED):
            count = report.messages.total()
            self._out.write(f"{report.status} {report.path}: {count} message{'s'[: count != 1]}")
        for difference in report.differences:
            text = difference.text.replace("\n", " ")[:LONGEST_TEXT]
            self._out.write(f"  {difference.sign} {difference.time} {difference.name}: {text}")
        if report.status is not Status.UNCHANGED:
            for problem in report.problems:
                kind = "rejected" if problem.is_error else "note"
                self._err.write(f"{report.path}:{problem.line}: {kind}: {problem.message} [{problem.code}]")

    def show_totals(self, report: Report) -> None:
        for path in report.missing:
            self._err.write(f"{path}: note: the file is gone; its messages stay [missing_file]")
        if not report.per_file:
            self._out.write("no transcripts found")
        rows = (
            ("", OUTCOMES),
            ("files", ["-" if name == "withdrawn" else f"{report.files[Status(name)]:,}" for name in OUTCOMES]),
            ("messages", ["-" if name == "rejected" else f"{report.messages[name]:,}" for name in OUTCOMES]),
        )
        for name, cells in rows:
            self._out.write(f"{name:<9}" + "".join(f"{cell:>11}" for cell in cells))
        written = "nothing was written" if self._dry_run else "done"
        self._out.write(f"{written} in {report.seconds:.2f} s")


def show_pictures(report: PictureReport, out: OutputWrapper, err: OutputWrapper) -> None:
    for problem in report.problems:
        err.write(f"{problem.path}: not shown: {problem.reason}")
    changes = f"{report.found:,} new or changed, {report.forgotten:,} gone"
    out.write(f"pictures: {report.here:,} of {report.total:,} are here; {changes}")
