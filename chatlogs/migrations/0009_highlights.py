"""Notes of days and highlights, and the rights of moderators and curators to write them."""

import django.db.models.deletion
import django.utils.timezone
from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# What is taken back must not stay in PostgreSQL's statistics.
SAMPLED = [
    ("chatlogs_daynote", "text"),
    ("chatlogs_highlight", "title"),
    ("chatlogs_highlight", "notes"),
    ("chatlogs_highlightpart", "comment"),
    ("chatlogs_highlightpart", "awaited"),
]

WRITERS = ("moderator", "curator")
RIGHTS = [f"{right}_{model}" for model in ("daynote", "highlight") for right in ("add", "change", "view")]


def sample_nothing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table, column in SAMPLED:
            schema_editor.execute(f"ALTER TABLE {table} ALTER {column} SET STATISTICS 0")


def grant_rights(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    create_permissions(installed.get_app_config("chatlogs"), apps=apps, verbosity=0, using=alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    rights = Permission.objects.using(alias).filter(content_type__app_label="chatlogs", codename__in=RIGHTS)
    for group in Group.objects.using(alias).filter(name__in=WRITERS):
        group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0008_renderings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50, verbose_name="name")),
                ("slug", models.SlugField(allow_unicode=True, unique=True, verbose_name="slug")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name", "slug"],
                "default_permissions": (),
            },
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="verb",
            field=models.CharField(
                choices=[
                    ("merge", "merge"),
                    ("move", "move names"),
                    ("split", "split"),
                    ("hide", "hide"),
                    ("restore", "restore"),
                    ("redact", "redact"),
                    ("review", "review"),
                    ("erase", "erase"),
                    ("purge", "purge what is sealed"),
                    ("opt-out", "opt out"),
                    ("exempt", "tell apart from who opted out"),
                    ("note", "write the note of a day"),
                    ("highlight", "write a highlight"),
                    ("publish", "publish a highlight"),
                    ("retract", "retract a highlight"),
                    ("undo", "undo"),
                ],
                max_length=10,
                verbose_name="deed",
            ),
        ),
        migrations.CreateModel(
            name="DayNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="Markdown. In your own words: what others said here disappears when it is taken away, what you write does not.",
                        verbose_name="note",
                    ),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "day",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note",
                        to="chatlogs.day",
                        verbose_name="day",
                    ),
                ),
            ],
            options={
                "verbose_name": "note of a day",
                "verbose_name_plural": "notes of days",
                "ordering": ["-changed_at", "-id"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="Highlight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        allow_unicode=True,
                        blank=True,
                        help_text="In its address, and in the log for good: no names. Empty: room and date of what it quotes.",
                        max_length=100,
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "notes",
                    models.TextField(
                        blank=True,
                        help_text="Markdown. In your own words: what others said here disappears when it is taken away, what you write does not.",
                        verbose_name="notes",
                    ),
                ),
                ("is_published", models.BooleanField(default=False, editable=False, verbose_name="published")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="published at"),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="highlights", to="chatlogs.tag", verbose_name="tags"
                    ),
                ),
            ],
            options={
                "verbose_name": "highlight",
                "verbose_name_plural": "highlights",
                "ordering": ["-published_at", "-id"],
                "default_permissions": ("add", "change", "view"),
            },
        ),
        migrations.CreateModel(
            name="HighlightPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(verbose_name="order")),
                ("awaited", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "comment",
                    models.TextField(
                        blank=True, help_text="Markdown; stands before the messages.", verbose_name="comment"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chatlogs.message",
                        verbose_name="first message",
                    ),
                ),
                (
                    "highlight",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="chatlogs.highlight",
                        verbose_name="highlight",
                    ),
                ),
                (
                    "last",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chatlogs.message",
                        verbose_name="last message",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a highlight",
                "verbose_name_plural": "parts of highlights",
                "ordering": ["highlight", "order"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("highlight", "order"), name="highlight_part_has_own_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first", None), ("last", None)),
                            models.Q(("first__isnull", False), ("last__isnull", False)),
                            _connector="OR",
                        ),
                        name="highlight_part_has_both_ends_or_waits",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="highlight",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_published", False), ("published_at__isnull", False), _connector="OR"),
                name="highlight_is_published_at_a_time",
            ),
        ),
        migrations.RunPython(sample_nothing, migrations.RunPython.noop),
        migrations.RunPython(grant_rights, migrations.RunPython.noop),
    ]
