"""The floor of an import: one regular expression per file, and rows written as fast as possible.

It uses the same tables with the same indexes and checks, but without foreign keys, and leaves out everything
else that an archive needs: stable keys, kinds of messages, duplicates, problems, a second import.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from chatlogs.importing.bulk_load import FILLED

MESSAGE = re.compile(r"^> (\d\d):(\d\d):(\d\d)  (.*)  \r?\n((?:(?!> \d\d:).*\n)*)", re.MULTILINE)

COLUMNS = {
    "chatlogs_room": "id slug title description time_zone visibility is_indexable masked_kinds",
    "chatlogs_day": "id room_id date message_count member_count revision has_mentions_resolved is_hidden",
    "chatlogs_sourcefile": "day_id path size modified_ns sha256 encoding parser_version front imported_at"
    " message_count shown_count image_count link_count empty_sender_count empty_body_count",
    "chatlogs_member": "id key name sort_name is_name_curated company role city",
    "chatlogs_alias": "id room_id member_id origin_id name normalised_name account_hash message_count"
    " person company role city remark",
    "chatlogs_message": "id key room_id day_id position time alias_id kind text state is_withdrawn duplicate_of_id",
    "chatlogs_image": "message_id url",
    "chatlogs_segment": "message_id source_file_id number source",
}
NULLABLE = {"alias_id", "duplicate_of_id"}


def write_floor(files: Sequence[tuple[str, dt.date, Path]], *, one_transaction: bool) -> None:
    """Write to an empty, migrated database. `files` are (room, date, path), by date."""
    with _without_foreign_keys(), transaction.atomic() if one_transaction else nullcontext():
        floor = _Floor()
        for room, date, path in files:
            rows = floor.rows(room, date, path.read_bytes().decode())
            with nullcontext() if one_transaction else transaction.atomic():
                for table, table_rows in rows.items():
                    _insert(table, table_rows)


class _Floor:
    def __init__(self) -> None:
        self._rooms: dict[str, int] = {}
        self._aliases: dict[tuple[str, str], int] = {}
        self._last_in_second: dict[int, int] = {}
        self._messages = 0
        self._days = 0

    def rows(self, room: str, date: dt.date, text: str) -> dict[str, list[Sequence[Any]]]:
        self._days += 1
        rows: dict[str, list[Sequence[Any]]] = {table: [] for table in COLUMNS}
        if room not in self._rooms:
            self._rooms[room] = len(self._rooms) + 1
            rows["chatlogs_room"].append((self._rooms[room], room, "", "", "", "public", False, "[]"))
        room_id, day_id = self._rooms[room], self._days
        rows["chatlogs_day"].append((day_id, room_id, date.isoformat(), 0, 0, 0, False, False))
        source = (day_id, f"{room}/{date}", 0, 0, "", "", 1, b"", "2000-01-01 00:00:00+00", 0, 0, 0, 0, 0, 0)
        rows["chatlogs_sourcefile"].append(source)
        midnight = int(dt.datetime.combine(date, dt.time(), dt.UTC).timestamp())
        messages, images, segments = (rows[f"chatlogs_{name}"] for name in ("message", "image", "segment"))
        prefix = f"{date:%Y%m%d}-"
        for number, found in enumerate(MESSAGE.finditer(text)):
            hour, minute, second, sender, body = found.groups()
            self._messages += 1
            message_id = self._messages
            alias_id = self._aliases.get((room, sender)) or self._new_alias(room, room_id, sender, rows)
            moment = midnight + int(hour) * 3600 + int(minute) * 60 + int(second)
            position = self._last_in_second.get(moment, moment << 10) + 1
            self._last_in_second[moment] = position
            time = f"{hour}:{minute}:{second}"
            # Multiplying by an odd number scatters the keys like a hash.
            key = f"{prefix}{message_id * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFF:012x}"
            kind = "image" if "![" in body else "text"
            messages.append((
                message_id, key, room_id, day_id, position, time, alias_id, kind, body[4:-7], "shown", False, None,
            ))  # fmt: skip
            segments.append((message_id, day_id, number, found[0].encode()))
            if kind == "image":
                images.append((message_id, body[28:-8]))
        return rows

    def _new_alias(self, room: str, room_id: int, sender: str, rows: dict[str, list[Sequence[Any]]]) -> int | None:
        if not sender:
            return None
        alias_id = self._aliases[room, sender] = len(self._aliases) + 1
        rows["chatlogs_member"].append((alias_id, f"{alias_id:016x}", sender, "", False, "", "", ""))
        rows["chatlogs_alias"].append(
            (alias_id, room_id, alias_id, alias_id, sender, sender, "", 0, "", "", "", "", "")
        )
        return alias_id


def _insert(table: str, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    columns = COLUMNS[table].split()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table, columns, rows)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if columns[-1] == "source":
        rows = [(*row[:-1], "\\x" + row[-1].hex()) for row in rows]
    elif table == "chatlogs_sourcefile":
        rows = [["" if value == b"" else value for value in row] for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    filled = ", ".join(column for column in columns if column not in NULLABLE)
    options = f"FORMAT csv, FORCE_NOT_NULL ({filled})"
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH ({options})", buffer)


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
            for model in FILLED:
                for name, constraint in connection.introspection.get_constraints(cursor, model._meta.db_table).items():
                    if constraint["foreign_key"]:
                        cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {name}")
    else:
        connection.disable_constraint_checking()
    yield
