"""What keeps the log append-only, what keeps erased text out of statistics, and the groups of moderators."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

LOG = "chatlogs_moderationaction"
REFUSAL = "the log of moderation is append-only"

# A user may be deleted: then the log keeps the name, and nothing else of a row may ever change.
SQLITE_COLUMNS = ("id", "verb", "made_at", "actor_name", "ground", "reason", "undoes_id", "case_id", "changes")
SQLITE_SAME = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in SQLITE_COLUMNS)

TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER {LOG}_change BEFORE UPDATE ON {LOG}"
        f" WHEN NOT (NEW.actor_id IS NULL AND {SQLITE_SAME})"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {LOG}_removal BEFORE DELETE ON {LOG} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        # REPLACE removes a row without asking the trigger before removals.
        f"CREATE TRIGGER {LOG}_replacement BEFORE INSERT ON {LOG}"
        f" WHEN EXISTS (SELECT 1 FROM {LOG} WHERE id = NEW.id OR undoes_id = NEW.undoes_id)"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION {LOG}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL
                AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
        END $$
        """,
        f"CREATE TRIGGER {LOG}_change BEFORE UPDATE OR DELETE ON {LOG} FOR EACH ROW EXECUTE FUNCTION {LOG}_refuse()",
        f"CREATE TRIGGER {LOG}_truncation BEFORE TRUNCATE ON {LOG} FOR EACH STATEMENT EXECUTE FUNCTION {LOG}_refuse()",
    ],
}
NO_TRIGGERS = {
    "sqlite": [f"DROP TRIGGER {LOG}_{name}" for name in ("change", "removal", "replacement")],
    "postgresql": [
        f"DROP TRIGGER {LOG}_change ON {LOG}",
        f"DROP TRIGGER {LOG}_truncation ON {LOG}",
        f"DROP FUNCTION {LOG}_refuse()",
    ],
}

# PostgreSQL's statistics keep samples of what columns hold, and nobody could erase a text from them.
SAMPLED = [
    ("chatlogs_message", "text"),
    ("chatlogs_link", "url"),
    ("chatlogs_image", "url"),
    ("chatlogs_segment", "source"),
    ("chatlogs_sealed", "text"),
    ("chatlogs_sealed", "url"),
    ("chatlogs_sealedname", "name"),
    ("chatlogs_sealedname", "normalised_name"),
    ("chatlogs_mentionedname", "text"),
    ("chatlogs_mentionedname", "normalised_text"),
    ("chatlogs_case", "subject"),
    ("chatlogs_case", "explanation"),
    ("chatlogs_case", "contact"),
]

# Of these, samples may have been taken before.
OLD_COLUMNS = [
    ("chatlogs_message", "text", "text"),
    ("chatlogs_link", "url", "text"),
    ("chatlogs_image", "url", "text"),
    ("chatlogs_segment", "source", "bytea"),
    ("chatlogs_mentionedname", "text", "text"),
    ("chatlogs_mentionedname", "normalised_text", "text"),
]

SEEN_BY_MODERATORS = [
    "archive", "room", "day", "message", "link", "image", "member", "alias", "sighting", "mention", "mentionedname",
    "importrun", "importproblem", "moderationaction", "suggestion", "case", "finding", "redaction", "optout", "erasure",
]  # fmt: skip
GROUPS = {
    "moderator": [
        *(f"view_{model}" for model in SEEN_BY_MODERATORS),
        "hide_message", "redact_message", "opt_out_member", "undo_moderationaction", "change_case", "change_finding",
    ],
    "curator": [
        *(f"view_{model}" for model in SEEN_BY_MODERATORS if model not in ("case", "finding")),
        "change_room", "change_member", "change_alias", "change_suggestion", "change_mention", "change_mentionedname",
        "undo_moderationaction",
    ],
}  # fmt: skip


def protect_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unprotect_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in NO_TRIGGERS[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def sample_nothing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Changing a column's type, even to the one that it has, forgets what was sampled before."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, column in SAMPLED:
        schema_editor.execute(f"ALTER TABLE {table} ALTER {column} SET STATISTICS 0")
    for table, column, kind in OLD_COLUMNS:
        schema_editor.execute(f"ALTER TABLE {table} ALTER {column} TYPE {kind}")


def make_groups(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    create_permissions(installed.get_app_config("chatlogs"), apps=apps, verbosity=0, using=alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(alias).get_or_create(name=name)
        permissions = Permission.objects.using(alias).filter(content_type__app_label="chatlogs", codename__in=codenames)
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0004_moderation"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(protect_log, unprotect_log),
        migrations.RunPython(sample_nothing, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
