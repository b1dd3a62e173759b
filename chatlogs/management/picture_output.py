"""What commands say of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import OutputWrapper

if TYPE_CHECKING:
    from chatlogs.importing.pictures import PictureReport


def show_pictures(report: PictureReport, out: OutputWrapper, err: OutputWrapper) -> None:
    for problem in report.problems:
        err.write(f"{problem.path}: not shown: {problem.reason}")
    changes = f"{report.found:,} new or changed, {report.forgotten:,} gone"
    out.write(f"pictures: {report.here:,} of {report.total:,} are here; {changes}")
