from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from chatlogs.search.tokens import normalise

CREATE = {
    "sqlite": [
        # No content, columns or places: what a message says is in its row, and what is found is looked up there.
        "CREATE VIRTUAL TABLE chatlogs_search USING fts5"
        " (tokens, content='', tokenize='ascii', detail=none, columnsize=0)",
    ],
    "postgresql": [
        "CREATE TABLE chatlogs_search (position bigint PRIMARY KEY, room_id bigint NOT NULL, alias_id bigint,"
        " kind varchar(11) NOT NULL, vector tsvector NOT NULL)",
        "ALTER TABLE chatlogs_search ALTER vector SET STATISTICS 1000",
        "CREATE INDEX chatlogs_search_room ON chatlogs_search (room_id, position)",
        "CREATE INDEX chatlogs_search_alias ON chatlogs_search (alias_id, position)",
        "CREATE INDEX chatlogs_search_vector ON chatlogs_search USING gin (vector) WITH (fastupdate = off)",
    ],
}


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP TABLE chatlogs_search")


def normalise_names(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Alias = apps.get_model("chatlogs", "Alias")
    aliases = list(Alias.objects.exclude(name="").only("name"))
    for alias in aliases:
        alias.normalised_name = normalise(alias.name)
    Alias.objects.bulk_update(aliases, ["normalised_name"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="alias",
            name="normalised_name",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="archive",
            name="index_version",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="version of the search index"),
        ),
        migrations.AddField(
            model_name="archive",
            name="indexed_until",
            field=models.BigIntegerField(default=-(1 << 63), verbose_name="indexed until"),
        ),
        migrations.RunPython(normalise_names, migrations.RunPython.noop),
        migrations.RunPython(create_index, drop_index),
    ]
