"""Dumps of the search index, for comparison."""

from __future__ import annotations

from typing import Any

from django.db import connection

from chatlogs.search.sync import build, reset

Rows = set[tuple[Any, ...]]

POSTGRES = """
    SELECT position, token FROM chatlogs_search, unnest(tsvector_to_array(vector)) AS token
    UNION ALL SELECT position, concat('room ', room_id, ' alias ', alias_id, ' kind ', kind) FROM chatlogs_search
"""


def dump_index() -> Rows:
    """Return (position, token) for each token of each message."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES)
            return set(cursor.fetchall())
        cursor.execute("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab('main', 'chatlogs_search', 'instance')")
        try:
            cursor.execute("SELECT doc, term FROM temp.tokens")
            return set(cursor.fetchall())
        finally:
            cursor.execute("DROP TABLE temp.tokens")


def dump_index_built_anew() -> Rows:
    reset()
    build()
    return dump_index()


def indexed_positions() -> set[int]:
    return {position for position, _ in dump_index()}
