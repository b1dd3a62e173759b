"""Permissions and JSON keys follow the names of models. Rows of the log stay as they are."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MODELS = {
    "case": "removalrequest",
    "finding": "personaldatamatch",
    "rendering": "cachedpage",
    "sealed": "original",
    "sealedname": "originalname",
    "sighting": "nameevidence",
}
TOMBSTONE_KEYS = {"fate": "outcome", "veils": "masks", "later_veils": "later_masks"}
DECISION_KEYS = {"findings": "personal_data_matches", "cases": "removal_requests"}


def rename(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename_permissions(apps, schema_editor, MODELS)
    _rename_keys(apps, schema_editor, TOMBSTONE_KEYS, DECISION_KEYS)


def restore(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _rename_permissions(apps, schema_editor, inverted(MODELS))
    _rename_keys(apps, schema_editor, inverted(TOMBSTONE_KEYS), inverted(DECISION_KEYS))


def _rename_permissions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor, names: dict[str, str]) -> None:
    """Groups and users keep what they were granted: only codenames change."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for old, new in names.items():
        for permission in permissions.filter(content_type__app_label="chatlogs", codename__endswith=f"_{old}"):
            permission.codename = f"{permission.codename.removesuffix(old)}{new}"
            permission.name = permission.name.replace(old, new)
            permission.save()


def _rename_keys(
    apps: StateApps,
    schema_editor: BaseDatabaseSchemaEditor,
    tombstone_keys: dict[str, str],
    decision_keys: dict[str, str],
) -> None:
    alias = schema_editor.connection.alias
    for tombstone in apps.get_model("chatlogs", "Tombstone").objects.using(alias).iterator():
        tombstone.messages = [with_keys(one, tombstone_keys) for one in tombstone.messages]
        tombstone.save(update_fields=["messages"])
    for pending in apps.get_model("chatlogs", "PendingDecision").objects.using(alias).iterator():
        pending.decision = with_keys(pending.decision, decision_keys)
        pending.save(update_fields=["decision"])


def inverted(names: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


def with_keys(entry: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    return {keys.get(name, name): value for name, value in entry.items()}


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0010_standard_names"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(rename, restore),
    ]
