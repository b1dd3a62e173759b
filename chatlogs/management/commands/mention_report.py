"""`manage.py mention_report`: how many mentions are understood, by which method, and how many of them rightly."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chatlogs.mentions.report import MentionReport, make_report
from chatlogs.models import MentionedName


class Command(BaseCommand):
    help = (
        "Print how many mentions are understood, by method. Quotations judge: their words show whose they are, and the"
        " name over them is read as a mention would be."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = make_report()
        self.stdout.write(f"{'method':<12}{'mentions':>10}{'share':>8}{'right':>8}{'wrong':>8}")
        for method in MentionedName.Method.values:
            self._write_row(method or "unknown", report, method)
        total = report.mentions.total()
        self.stdout.write(
            f"{total:,} mentions, {_share(report.understood, total)} understood, {_share(report.sure, total)} surely"
        )
        judged = report.right.total() + report.wrong.total()
        self.stdout.write(f"{judged:,} quotations, {_share(report.right.total(), judged)} of their names read rightly")

    def _write_row(self, name: str, report: MentionReport, method: str) -> None:
        count, right, wrong = report.mentions[method], report.right[method], report.wrong[method]
        if count or right or wrong:
            share = _share(count, report.mentions.total())
            self.stdout.write(f"{name:<12}{count:>10,}{share:>8}{right:>8,}{wrong:>8,}")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
