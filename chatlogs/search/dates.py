"""Parses dates as people type them: a day, a month or a year. Pure."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import NamedTuple

from chatlogs.search.tokens import normalise

TYPED = re.compile(
    r"(?P<year>[12][0-9]{3})年?"
    r"(?:[-/.]?(?P<month>[01]?[0-9])月?(?:[-/.]?(?P<day>[0-3]?[0-9])[日号]?)?)?"
)
COMPACT = re.compile(r"[0-9]{5,8}")


class Dates(NamedTuple):
    first: dt.date
    last: dt.date


def read_dates(typed: str) -> Dates | None:
    """Return the first and last day of `2018`, `2018-03`, `2018/3/27`, `20180327` or `2018年3月27日`."""
    found = TYPED.fullmatch(normalise(typed.strip()))
    if not found or (COMPACT.fullmatch(found[0]) and len(found[0]) not in (6, 8)):
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None, "the pattern has a year"
    try:
        first = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if day:
        return Dates(first, first)
    last_month = month or 12
    return Dates(first, dt.date(year, last_month, monthrange(year, last_month)[1]))
