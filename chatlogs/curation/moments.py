"""Moments in the file: in UTC, so that two exports of one state are alike."""

from __future__ import annotations

import datetime as dt


def write_moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def read_moment(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment)


def read_moment_if_any(moment: str | None) -> dt.datetime | None:
    return read_moment(moment) if moment else None
