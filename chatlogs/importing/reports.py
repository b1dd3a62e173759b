"""The results of an import, for the terminal and as JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chatlogs.transcripts import Problem

MESSAGE_OUTCOMES = ("created", "changed", "unchanged", "withdrawn")


class Status(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Difference:
    """A message that a dry run would create (`+`), change (`~`) or withdraw (`-`)."""

    sign: str
    time: str
    name: str
    text: str


@dataclass(slots=True)
class FileReport:
    """The result of one file. `source_counts` are the counters of SourceFile, duplicates included."""

    path: str
    room: str
    date: dt.date | None
    status: Status
    sha256: str = ""
    source_counts: dict[str, int] = field(default_factory=dict)
    messages: Counter[str] = field(default_factory=Counter)
    problems: Sequence[Problem] = ()
    differences: Sequence[Difference] = ()

    def as_dict(self) -> dict[str, Any]:
        counts = self.source_counts
        return {
            "path": self.path,
            "sha256": self.sha256 or None,
            "room": self.room or None,
            "date": self.date.isoformat() if self.date else None,
            "status": self.status.value,
            "messages": counts.get("message_count", 0),
            "shown": counts.get("shown_count", 0),
            "images": counts.get("image_count", 0),
            "links": counts.get("link_count", 0),
            "empty_sender": counts.get("empty_sender_count", 0),
            "empty_body": counts.get("empty_body_count", 0),
            "problems": [
                {"line": problem.line, "code": problem.code, "message": problem.message} for problem in self.problems
            ],
        }


@dataclass(slots=True)
class Report:
    """The result of a run. `totals` are of the whole archive after it; `missing` are paths of files that are gone."""

    files: Counter[Status] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    totals: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    per_file: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, report: FileReport) -> None:
        self.files[report.status] += 1
        self.messages.update(report.messages)
        self.per_file.append(report)

    def as_dict(self) -> dict[str, Any]:
        return {
            "files": {status.value: self.files[status] for status in Status},
            "messages": {outcome: self.messages[outcome] for outcome in MESSAGE_OUTCOMES},
            "totals": self.totals,
            "missing": self.missing,
            "seconds": round(self.seconds, 3),
            "per_file": [report.as_dict() for report in self.per_file],
        }
