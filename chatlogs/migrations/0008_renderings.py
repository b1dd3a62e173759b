"""Kept pages; what is in them is no sample for statistics, where nobody could erase it."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def sample_nothing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE chatlogs_rendering ALTER html SET STATISTICS 0")


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0007_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rendering",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="key")),
                ("revision", models.PositiveBigIntegerField(verbose_name="revision")),
                ("robots", models.CharField(max_length=20)),
                ("html", models.TextField()),
            ],
            options={
                "verbose_name": "kept page",
                "verbose_name_plural": "kept pages",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(sample_nothing, migrations.RunPython.noop),
    ]
