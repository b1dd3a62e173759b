"""Everything that is in a database, to compare it with itself or with another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from chatlogs.models import (
    Alias,
    Archive,
    Day,
    ImportProblem,
    ImportRun,
    Mention,
    Message,
    NameEvidence,
    SourceFile,
    Suggestion,
)

Rows = list[tuple[Any, ...]]


def dump_tables() -> dict[str, Rows]:
    """Every row but the import runs' and Django's own. PostgreSQL tells where each row lies, too.

    Of the search index on SQLite, the rows of the tables that FTS5 keeps it in.
    """
    tables = connection.introspection.table_names()
    ours = {table for table in tables if not table.startswith(("auth_", "django_"))} - {ImportRun._meta.db_table}
    if connection.vendor == "sqlite":
        ours -= {"chatlogs_search"}
    return {table: _dump_table(table) for table in sorted(ours)}


def _dump_table(table: str) -> Rows:
    place = "ctid::text, " if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {place}* FROM {connection.ops.quote_name(table)}")
        return sorted((tuple(map(_comparable, row)) for row in cursor.fetchall()), key=repr)


def _comparable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def dump_text_columns() -> Iterator[tuple[str, str]]:
    """(table.column, value) of everything stored but the bytes of the transcripts."""
    for model in _all_models():
        names = [field.name for field in model._meta.concrete_fields if not isinstance(field, models.BinaryField)]
        for row in model._default_manager.values_list(*names):
            for name, value in zip(names, row, strict=True):
                yield f"{model.__name__}.{name}", str(value)


def _all_models() -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_models(include_auto_created=True))


def dump_by_natural_keys() -> dict[str, Rows]:
    """What two databases have in common that were filled alike: neither ids nor moments of import."""
    return {
        "archive": list(Archive.objects.values_list("revision")),
        "people": dump_people(),
        "mentions": _dump(
            Mention,
            "message__key start stop name__text name__alias__name name__alias__room__slug name__method name__is_sure",
        ),
        "suggestions": dump_suggestions(),
        "name_evidence": _dump(
            NameEvidence, "day__room__slug day__date kind alias__name account_hash other__name count"
        ),
        "messages": _dump(
            Message,
            "key room__slug day__date position time alias__name alias__account_hash kind text state is_withdrawn"
            " duplicate_of__key link__url link__host image__url segment__number segment__source"
            " segment__source_file__day__date",
        ),
        "aliases": _dump(
            Alias,
            "room__slug name account_hash person company role city remark message_count first_seen last_seen"
            " origin__key member__name member__sort_name",
        ),
        "days": _dump(Day, "room__slug date speaker__name message_count member_count revision"),
        "sources": _dump(
            SourceFile,
            "day__room__slug day__date path size modified_ns sha256 encoding parser_version front"
            " message_count shown_count image_count link_count empty_sender_count empty_body_count",
        ),
        "problems": _dump(ImportProblem, "path line code message is_error"),
        "schema": dump_schema(),
    }


def dump_people() -> Rows:
    """The keys of the names that are one person's; which of them is the person's address depends on what came first."""
    people: defaultdict[int, list[str]] = defaultdict(list)
    for member_id, key in Alias.objects.order_by("origin__key").values_list("member_id", "origin__key"):
        people[member_id].append(key)
    return sorted(map(tuple, people.values()))


def dump_suggestions() -> Rows:
    """By the keys of both names."""
    rows = Suggestion.objects.values_list("first__origin__key", "second__origin__key", "score", "state")
    return sorted((*sorted((first, second)), score, state) for first, second, score, state in rows)


def _dump(model: type[models.Model], fields: str) -> Rows:
    rows = model._default_manager.order_by().values_list(*fields.split())
    return sorted((tuple(map(_comparable, row)) for row in rows), key=repr)


def dump_schema() -> Rows:
    """Definitions of all indexes, and the foreign keys: (table, column, where to)."""
    postgres = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    sqlite = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(postgres if connection.vendor == "postgresql" else sqlite)
        indexes: Rows = cursor.fetchall()
        keys: Rows = [
            (table, column, *target)
            for table in connection.introspection.table_names(cursor)
            for column, target in connection.introspection.get_relations(cursor, table).items()
        ]
    return sorted(indexes) + sorted(keys)
