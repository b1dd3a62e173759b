"""Archives built once a process: the rows that were written are stored, and inserted again for each further test.

For fixtures. A test of importing itself calls `import_tree`.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from chatlogs.importing import Options, run_import
from chatlogs.models import Message, Room

Rows = dict[str, list[Any]]

# Tables that no fixture changes through `build_once`, or that must not be copied: the index of SQLite is a virtual
# table with tables of its own, and is stored as documents.
NOT_STORED = ("django_", "auth_permission", "chatlogs_search_", "sqlite_")
SEARCH = "chatlogs_search"


@dataclass(frozen=True)
class Snapshot:
    """What was built: rows by table, as the database gives them, and the folder that it was built from."""

    removed: Rows
    added: Rows
    documents: list[tuple[int, str]]
    folder: str
    modified_ns: dict[str, int]


_snapshots: dict[object, Snapshot] = {}


def import_once(folder: Path) -> None:
    """Import a folder of transcripts."""
    build_once(_digest(folder), lambda: _import(folder), folder)


def build_once(name: object, build: Callable[[], object], folder: Path) -> None:
    """Call `build`, which adds to an empty archive, or insert the rows of its first call.

    Where there are messages already, it is called each time. `name` stands for all that `build` depends on, besides
    the rooms that are there; `folder` is where its transcripts are, whose path and times of modification are stored
    with them.
    """
    if Message.objects.exists():
        build()
        return
    rooms = repr(list(Room.objects.order_by("pk").values_list()))
    key = (connection.settings_dict["NAME"], settings.IMAGES, rooms, name)
    with transaction.atomic():
        if key in _snapshots:
            _insert(_snapshots[key], folder)
        else:
            before = _read_tables()
            build()
            _snapshots[key] = _compare(before, _read_tables(), folder)


def _import(folder: Path) -> None:
    report = run_import([folder], Options(), lambda *_: None)
    assert not report.files["rejected"], report.as_dict()  # type: ignore[index]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _compare(before: Rows, after: Rows, folder: Path) -> Snapshot:
    removed, added = defaultdict(list), defaultdict(list)
    for table, rows in after.items():
        old, new = set(before[table]), set(rows)
        if old != new:
            removed[table] = [row for row in before[table] if row not in new]
            added[table] = [row for row in rows if row not in old]
    files = {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    return Snapshot(removed, added, _read_documents(), str(folder), files)


def _insert(snapshot: Snapshot, folder: Path) -> None:
    for path, modified_ns in snapshot.modified_ns.items():
        if (folder / path).exists():
            os.utime(folder / path, ns=(modified_ns, modified_ns))
    is_postgres = connection.vendor == "postgresql"
    for table, rows in snapshot.removed.items():
        if rows:
            (_delete_postgres if is_postgres else _delete_sqlite)(table, rows)
    for table, rows in snapshot.added.items():
        (_insert_postgres if is_postgres else _insert_sqlite)(table, rows, snapshot.folder, str(folder))
    if is_postgres:
        _advance_sequences(snapshot.added)
    elif snapshot.documents:
        _raw().executemany(f"INSERT INTO {SEARCH} (rowid, tokens) VALUES (?, ?)", snapshot.documents)


def _raw() -> Any:
    """The driver's own connection: what is done through it is not counted as a test's queries."""
    connection.ensure_connection()
    return connection.connection


@cache
def _tables(database: str) -> dict[str, list[str]]:
    """Columns by table, the primary key's first."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        tables = {}
        for name in names:
            if name.startswith(NOT_STORED) or (name == SEARCH and connection.vendor == "sqlite"):
                continue
            columns = [column.name for column in connection.introspection.get_table_description(cursor, name)]
            key = connection.introspection.get_primary_key_column(cursor, name)
            tables[name] = sorted(columns, key=lambda column: column != key)
    return tables


def _read_tables() -> Rows:
    read = _read_postgres if connection.vendor == "postgresql" else _read_sqlite
    return {table: read(table, columns) for table, columns in _tables(connection.settings_dict["NAME"]).items()}


def _read_sqlite(table: str, columns: Iterable[str]) -> list[Any]:
    """A column with a plus is given as it is stored, without Django's conversions."""
    names = ", ".join(f'+"{name}"' for name in columns)
    return _raw().execute(f'SELECT {names} FROM "{table}"').fetchall()  # type: ignore[no-any-return]


def _delete_sqlite(table: str, rows: list[Any]) -> None:
    key = _tables(connection.settings_dict["NAME"])[table][0]
    _raw().executemany(f'DELETE FROM "{table}" WHERE "{key}" = ?', [(row[0],) for row in rows])


def _insert_sqlite(table: str, rows: list[Any], old: str, new: str) -> None:
    columns = _tables(connection.settings_dict["NAME"])[table]
    moved = [tuple(value.replace(old, new) if isinstance(value, str) else value for value in row) for row in rows]
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    _raw().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', moved)


def _read_documents() -> list[tuple[int, str]]:
    """The documents of SQLite's index, which can tell the tokens of each."""
    if connection.vendor != "sqlite":
        return []
    from chatlogs.search.backends.sqlite import read_tokens

    documents: defaultdict[int, list[str]] = defaultdict(list)
    for position, token in read_tokens():
        documents[position].append(token)
    return [(position, " ".join(tokens)) for position, tokens in sorted(documents.items())]


def _read_postgres(table: str, columns: Iterable[str]) -> list[Any]:
    """Rows in the format of COPY, which is exact for every type."""
    names, content = ", ".join(f'"{name}"' for name in columns), io.StringIO()
    with _raw().cursor() as cursor:
        cursor.copy_expert(f'COPY (SELECT {names} FROM "{table}") TO STDOUT', content)
    return content.getvalue().split("\n")[:-1]


def _delete_postgres(table: str, rows: list[Any]) -> None:
    key = _tables(connection.settings_dict["NAME"])[table][0]
    with _raw().cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}" WHERE "{key}"::text = ANY(%s)', [[row.split("\t")[0] for row in rows]])


def _insert_postgres(table: str, rows: list[Any], old: str, new: str) -> None:
    columns = _tables(connection.settings_dict["NAME"])[table]
    names, content = ", ".join(f'"{name}"' for name in columns), "".join(f"{row}\n" for row in rows)
    with _raw().cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO(content.replace(old, new)))


def _advance_sequences(tables: Iterable[str]) -> None:
    statements = []
    with _raw().cursor() as cursor:
        for table in tables:
            key = _tables(connection.settings_dict["NAME"])[table][0]
            statements.append(
                f'SELECT setval(s, GREATEST((SELECT max("{key}") FROM "{table}"), nextval(s)))'
                f" FROM (SELECT pg_get_serial_sequence('\"{table}\"', '{key}') AS s) AS sequence WHERE s IS NOT NULL"
            )
        cursor.execute(";".join(statements))
