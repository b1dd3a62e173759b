"""How often, and from when to when, readers see each name: brought up to date by what a day's import changed."""

from __future__ import annotations

import datetime as dt

from chatlogs.bulk import execute_for_rows
from chatlogs.counting import recount_names
from chatlogs.importing.message_rows import Written

ADD = """
    UPDATE chatlogs_alias SET
        message_count = message_count + given.column2,
        first_seen = CASE WHEN first_seen < given.column3 THEN first_seen ELSE given.column3 END,
        last_seen = CASE WHEN last_seen > given.column3 THEN last_seen ELSE given.column3 END
    FROM {given} AS given
    WHERE chatlogs_alias.id = given.column1
"""


def count_day(date: dt.date, written: Written) -> None:
    """Bring the counts up to date after one day's messages were written."""
    before, after = written.shown_before, written.shown_after
    changes = [
        (alias_id, after[alias_id] - before[alias_id], date.isoformat())
        for alias_id in before | after
        if alias_id is not None and after[alias_id] != before[alias_id]
    ]
    execute_for_rows(ADD, "(%s::bigint, %s::integer, %s::date)", changes)
    lost = [alias_id for alias_id, _, _ in changes if not after[alias_id]]
    if lost:
        recount_names(lost)
