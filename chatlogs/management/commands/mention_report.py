"""`manage.py mention_report`: how many mentions are resolved, by method, and how accurately."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chatlogs.mentions.report import make_report
from chatlogs.models import MentionedName


class Command(BaseCommand):
    help = (
        "Print how many mentions are resolved, by method. Accuracy is measured on quotations: the quoted words show who"
        " wrote them, and the name above them is resolved as a mention would be."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = make_report()
        total = report.mentions.total()
        self.stdout.write(f"{'method':<12}{'mentions':>10}{'share':>8}{'right':>8}{'wrong':>8}")
        for method in MentionedName.Method.values:
            count, right, wrong = report.mentions[method], report.right[method], report.wrong[method]
            if count or right or wrong:
                name, share = method or "unknown", _share(count, total)
                self.stdout.write(f"{name:<12}{count:>10,}{share:>8}{right:>8,}{wrong:>8,}")
        understood, sure = _share(report.understood, total), _share(report.sure, total)
        self.stdout.write(f"{total:,} mentions, {understood} resolved, {sure} with certainty")
        judged = report.right.total() + report.wrong.total()
        self.stdout.write(f"{judged:,} quotations, {_share(report.right.total(), judged)} of their names right")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"
