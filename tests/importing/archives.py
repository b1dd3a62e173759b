"""Importing in tests, and looking at what came of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from chatlogs.importing import Options, Report, run_import
from chatlogs.models import Alias, Day, Message
from chatlogs.queries.maintenance import find_source_files, read_source
from chatlogs.search.sync import reindexed
from tests.transcripts.making import DAY

ROOM = "tea-room"
SHOWN = Message.State.SHOWN

DayCounts = dict[int, tuple[int, int]]
AliasCounts = dict[int, tuple[int, dt.date | None, dt.date | None]]


def import_tree(*roots: Path, **options: Any) -> Report:
    return run_import(roots, Options(**options), lambda *_: None)


def live_messages(room: str = ROOM, date: dt.date = DAY) -> list[Message]:
    """In the file's order."""
    messages = Message.objects.filter(room__slug=room, day__date=date, is_withdrawn=False)
    return list(messages.select_related("alias").order_by("segment__number"))


def live_keys(room: str = ROOM, date: dt.date = DAY) -> list[str]:
    return [message.key for message in live_messages(room, date)]


def live_texts(room: str = ROOM, date: dt.date = DAY) -> list[str]:
    return [message.text for message in live_messages(room, date)]


def shown_texts() -> list[str]:
    """Over all rooms, as readers see them."""
    return list(Message.objects.visible().in_time_order().values_list("text", flat=True))


def hide(*texts: str) -> None:
    for text in texts:
        hide_key(Message.objects.get(text=text).key)


def hide_key(key: str) -> None:
    """As a moderator does: state, search index and counters."""
    hidden = Message.objects.filter(key=key)
    with transaction.atomic(), reindexed([message.pk for message in hidden]):
        hidden.update(state=Message.State.HIDDEN)
    days, aliases = recount()
    for day_id, (messages, members) in days.items():
        Day.objects.filter(pk=day_id).update(message_count=messages, member_count=members)
    for alias_id, (count, first, last) in aliases.items():
        Alias.objects.filter(pk=alias_id).update(message_count=count, first_seen=first, last_seen=last)


def recount() -> tuple[DayCounts, AliasCounts]:
    """The counters of days and aliases, counted message by message."""
    owners = dict(Alias.objects.values_list("pk", "member_id"))
    by_day: defaultdict[int, Counter[int | None]] = defaultdict(Counter)
    dates: defaultdict[int, list[dt.date]] = defaultdict(list)
    for message in Message.objects.select_related("day"):
        if message.state == SHOWN and not message.is_withdrawn and message.duplicate_of_id is None:
            by_day[message.day_id][owners[message.alias_id] if message.alias_id else None] += 1
            if message.alias_id:
                dates[message.alias_id].append(message.day.date)
    days = {day.pk: (by_day[day.pk].total(), len({*by_day[day.pk]} - {None})) for day in Day.objects.all()}
    aliases: AliasCounts = {
        alias.pk: (len(dates[alias.pk]), min(dates[alias.pk], default=None), max(dates[alias.pk], default=None))
        for alias in Alias.objects.all()
    }
    return days, aliases


def stored_counters() -> tuple[DayCounts, AliasCounts]:
    days = {day.pk: (day.message_count, day.member_count) for day in Day.objects.all()}
    aliases: AliasCounts = {
        alias.pk: (alias.message_count, alias.first_seen, alias.last_seen) for alias in Alias.objects.all()
    }
    return days, aliases


def exported() -> dict[str, bytes]:
    """Every source file's bytes by the path it was imported from."""
    return {file.path: b"".join(read_source(file)) for file in find_source_files()}


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def row_writes() -> int:
    """Rows inserted, updated and deleted so far in the test's transaction, whatever the way."""
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])
