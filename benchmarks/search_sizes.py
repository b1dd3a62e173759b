"""The size of the search index and of the messages, in bytes."""

from __future__ import annotations

from django.db import connection

POSTGRES_PARTS = {
    "messages": "pg_relation_size('chatlogs_message')",
    "GIN index": "pg_relation_size('chatlogs_search_vector')",
    "its table": "pg_relation_size('chatlogs_search')",
    "the table's other indexes": "pg_indexes_size('chatlogs_search') - pg_relation_size('chatlogs_search_vector')",
}


def measure_sizes() -> dict[str, int]:
    """Return the sizes of the messages' table without its indexes, and of the parts of the search index."""
    return _on_postgres() if connection.vendor == "postgresql" else _on_sqlite()


def _on_postgres() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(POSTGRES_PARTS.values())}")
        return dict(zip(POSTGRES_PARTS, cursor.fetchone(), strict=True))


def _on_sqlite() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE")
        sizes = dict(cursor.fetchall())
    index = sum(size for name, size in sizes.items() if name.startswith("chatlogs_search_"))
    return {"messages": sizes["chatlogs_message"], "FTS5 index": index}
