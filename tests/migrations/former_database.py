"""A database with a row in every table, as the code before migration 0010 wrote it, and a database of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

FOLDER = Path(__file__).parent
# Written by `export_curation` from the same database, and the transcripts that it was imported from.
DECISIONS, TRANSCRIPTS = FOLDER / "decisions_1.json", FOLDER / "transcripts"

BEFORE = [("chatlogs", "0009_highlights"), ("admin", "0003_logentry_add_action_flag_choices")]

Fields = dict[str, Any]
Rows = dict[str, dict[Any, Fields]]


def read_rows() -> Rows:
    """Return the stored rows by model and primary key, in the format of `serialize`.

    Permissions and content types, which get other numbers in each database, are stored by name.
    """
    rows: Rows = {}
    for row in json.loads((FOLDER / "rows.json").read_text("utf-8")):
        rows.setdefault(row["model"], {})[row["pk"]] = row["fields"]
    return rows


def serialize(model: type[Model]) -> dict[Any, Fields]:
    """Return the rows of a model by primary key, as Django's serializer gives them, times to the microsecond."""
    rows = serializers.serialize("python", model._base_manager.all())
    return {row["pk"]: row["fields"] for row in json.loads(json.dumps(rows, default=lambda value: value.isoformat()))}


@contextmanager
def own_database(folder: Path) -> Iterator[None]:
    """Make `default` another, empty database of the same engine."""
    original = connections["default"]
    own = original.copy()
    if original.vendor == "sqlite":
        own.settings_dict["NAME"] = str(folder / "own.sqlite3")
    else:
        own.settings_dict["NAME"] = f"{original.settings_dict['NAME']}_own"
        _execute(f'DROP DATABASE IF EXISTS "{own.settings_dict["NAME"]}"')
        _execute(f'CREATE DATABASE "{own.settings_dict["NAME"]}"')
    connections["default"] = own
    try:
        yield
    finally:
        own.close()
        connections["default"] = original
        if original.vendor != "sqlite":
            _execute(f'DROP DATABASE "{own.settings_dict["NAME"]}" WITH (FORCE)')


def _execute(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def load_former_rows() -> None:
    """Migrate an empty database to the state before 0010 and insert the stored rows."""
    for app, name in reversed(BEFORE):
        call_command("migrate", app, name, verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    permissions = dict(apps.get_model("auth", "Permission").objects.values_list("codename", "pk"))
    content_types = dict(
        apps.get_model("contenttypes", "ContentType").objects.filter(app_label="chatlogs").values_list("model", "pk")
    )
    apps.get_model("auth", "Group").objects.all().delete()
    apps.get_model("chatlogs", "Archive").objects.all().delete()
    # Foreign keys are checked at the end of the transaction.
    with transaction.atomic():
        for label, rows in read_rows().items():
            model = apps.get_model(label)
            instances, related = [], []
            for pk, stored in rows.items():
                fields, many = {}, {}
                for name, value in stored.items():
                    if name in ("permissions", "user_permissions"):
                        many[name] = [permissions[codename] for codename in value]
                    elif name == "content_type":
                        fields["content_type_id"] = content_types[value]
                    elif model._meta.get_field(name).many_to_many:
                        many[name] = value
                    else:
                        field = model._meta.get_field(name)
                        fields[field.attname] = field.to_python(value)
                instance = model(pk=pk, **fields)
                instances.append(instance)
                related.append((instance, many))
            model._base_manager.bulk_create(instances)
            for instance, many in related:
                for name, keys in many.items():
                    getattr(instance, name).set(keys)
