"""Models and columns get the standard terms that the code uses."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import chatlogs.models.rooms

LOG = "chatlogs_moderationaction"
REFUSAL = "the log of moderation is append-only"

# SQLite drops a table's triggers where it rebuilds the table, so they are dropped first and created again at the end.
FORMER_COLUMNS = "id verb made_at actor_name ground reason undoes_id case_id changes".split()
COLUMNS = "id kind made_at actor_name category reason undoes_id removal_request_id changes".split()


def triggers(columns: list[str]) -> list[str]:
    same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)
    return [
        f"CREATE TRIGGER {LOG}_change BEFORE UPDATE ON {LOG}"
        f" WHEN NOT (NEW.actor_id IS NULL AND {same})"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {LOG}_removal BEFORE DELETE ON {LOG} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER {LOG}_replacement BEFORE INSERT ON {LOG}"
        f" WHEN EXISTS (SELECT 1 FROM {LOG} WHERE id = NEW.id OR undoes_id = NEW.undoes_id)"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ]


def drop_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in ("change", "removal", "replacement"):
            schema_editor.execute(f"DROP TRIGGER {LOG}_{name}")


def create_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create_triggers(schema_editor, COLUMNS)


def create_former_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _create_triggers(schema_editor, FORMER_COLUMNS)


def _create_triggers(schema_editor: BaseDatabaseSchemaEditor, columns: list[str]) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for statement in triggers(columns):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0009_highlights"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_triggers, create_former_triggers),
        migrations.RemoveConstraint("Message", "message_is_no_double_of_itself"),
        migrations.RemoveIndex("Message", "message_by_double"),
        migrations.RemoveConstraint("Finding", "finding_is_one_of_its_place"),
        migrations.RemoveConstraint("Sighting", "sighting_is_of_its_kind"),
        migrations.RenameIndex("Case", "removal_request_by_state", old_name="case_by_state"),
        migrations.RenameIndex("Finding", "personal_data_match_by_state", old_name="finding_by_state"),
        migrations.RenameModel("Case", "RemovalRequest"),
        migrations.RenameModel("Finding", "PersonalDataMatch"),
        migrations.RenameModel("Rendering", "CachedPage"),
        migrations.RenameModel("Sealed", "Original"),
        migrations.RenameModel("SealedName", "OriginalName"),
        migrations.RenameModel("Sighting", "NameEvidence"),
        migrations.RenameField("ModerationAction", "verb", "kind"),
        migrations.RenameField("ModerationAction", "ground", "category"),
        migrations.RenameField("ModerationAction", "case", "removal_request"),
        migrations.RenameField("Original", "sealed_at", "stored_at"),
        migrations.RenameField("OptOut", "sealed", "originals"),
        migrations.RenameField("Message", "double_of", "duplicate_of"),
        migrations.AlterModelOptions(
            name="cachedpage",
            options={"default_permissions": (), "verbose_name": "cached page", "verbose_name_plural": "cached pages"},
        ),
        migrations.AlterModelOptions(
            name="nameevidence",
            options={"verbose_name": "name evidence", "verbose_name_plural": "name evidence"},
        ),
        migrations.AlterModelOptions(
            name="original",
            options={"default_permissions": (), "verbose_name": "original", "verbose_name_plural": "originals"},
        ),
        migrations.AlterModelOptions(
            name="originalname",
            options={
                "default_permissions": (),
                "verbose_name": "original name",
                "verbose_name_plural": "original names",
            },
        ),
        migrations.AlterModelOptions(
            name="removalrequest",
            options={
                "ordering": ["due_at", "id"],
                "verbose_name": "removal request",
                "verbose_name_plural": "removal requests",
            },
        ),
        migrations.AlterField(
            model_name="alias",
            name="is_exempt",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Not the person who opted out under the same name.",
                verbose_name="different person",
            ),
        ),
        migrations.AlterField(
            model_name="archive",
            name="names_version",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="version of the name parts"),
        ),
        migrations.AlterField(
            model_name="archive",
            name="newest_known_alias",
            field=models.BigIntegerField(default=0, verbose_name="newest name used to resolve mentions"),
        ),
        migrations.AlterField(
            model_name="day",
            name="is_hidden",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="New messages of this day are hidden, too.",
                verbose_name="hidden",
            ),
        ),
        migrations.AlterField(
            model_name="day",
            name="speaker",
            field=models.ForeignKey(
                blank=True,
                help_text="The person who gave that day's talk.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="days_as_speaker",
                to="chatlogs.alias",
                verbose_name="speaker",
            ),
        ),
        migrations.AlterField(
            model_name="highlight",
            name="slug",
            field=models.SlugField(
                allow_unicode=True,
                blank=True,
                help_text="Part of the address and of the log, for good: use no names. If empty, made from the room and date quoted.",
                max_length=100,
                unique=True,
                verbose_name="slug",
            ),
        ),
        migrations.AlterField(
            model_name="highlightpart",
            name="comment",
            field=models.TextField(blank=True, help_text="Markdown; shown above the messages.", verbose_name="comment"),
        ),
        migrations.AlterField(
            model_name="member",
            name="is_name_curated",
            field=models.BooleanField(
                default=False,
                help_text="If off, the name follows the transcripts.",
                verbose_name="name set by moderators",
            ),
        ),
        migrations.AlterField(
            model_name="mentionedname",
            name="is_single",
            field=models.BooleanField(default=False, editable=False, verbose_name="set for single mentions"),
        ),
        migrations.AlterField(
            model_name="mentionedname",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("chosen", "decided by a moderator"),
                    ("everybody", "everybody"),
                    ("exact", "exact name"),
                    ("normalised", "same name except punctuation and case"),
                    ("person", "same personal part of the name"),
                    ("part", "part of the name"),
                    ("learned", "sender who replied"),
                    ("sibling", "similar mention"),
                    ("", "unknown"),
                ],
                max_length=10,
                verbose_name="matched by",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="alias",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Empty if the transcript names no sender.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="chatlogs.alias",
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The same message under another name, in a merged export of two phones.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="duplicates",
                to="chatlogs.message",
                verbose_name="duplicate of",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="is_author_hidden",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The name is stored with the original.",
                verbose_name="author hidden",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty for actions taken from evidence in the transcripts.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="category",
            field=models.CharField(
                blank=True,
                choices=[
                    ("request", "request by the person concerned"),
                    ("personal", "personal data"),
                    ("rights", "somebody's rights, or the law"),
                    ("abuse", "insult or threat"),
                    ("advertising", "advertising"),
                    ("identity", "identity"),
                    ("mistake", "correction of a mistake"),
                    ("other", "something else"),
                ],
                max_length=12,
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="kind",
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
                    ("purge", "purge originals"),
                    ("opt-out", "opt out"),
                    ("exempt", "exempt from an opt-out"),
                    ("note", "write the note of a day"),
                    ("highlight", "write a highlight"),
                    ("publish", "publish a highlight"),
                    ("retract", "retract a highlight"),
                    ("undo", "undo"),
                ],
                max_length=10,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="moderationaction",
            name="removal_request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="chatlogs.removalrequest",
                verbose_name="removal request",
            ),
        ),
        migrations.AlterField(
            model_name="nameevidence",
            name="alias",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="name_evidence",
                to="chatlogs.alias",
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="nameevidence",
            name="day",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="name_evidence",
                to="chatlogs.day",
                verbose_name="day",
            ),
        ),
        migrations.AlterField(
            model_name="nameevidence",
            name="kind",
            field=models.CharField(
                choices=[("account", "account"), ("quotation", "quotation"), ("doubled", "duplicate")],
                max_length=9,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="optout",
            name="extent",
            field=models.CharField(
                choices=[
                    ("name", "a neutral name"),
                    ("messages", "neutral name, all messages hidden"),
                    ("imports", "neutral name, messages hidden, no further imports"),
                ],
                max_length=8,
                verbose_name="extent",
            ),
        ),
        migrations.AlterField(
            model_name="original",
            name="message",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="original",
                serialize=False,
                to="chatlogs.message",
                verbose_name="message",
            ),
        ),
        migrations.AlterField(
            model_name="original",
            name="stored_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="stored at"),
        ),
        migrations.AlterField(
            model_name="originalname",
            name="alias",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="original_name",
                serialize=False,
                to="chatlogs.alias",
                verbose_name="name",
            ),
        ),
        migrations.AlterField(
            model_name="personaldatamatch",
            name="message",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="personal_data_matches",
                to="chatlogs.message",
                verbose_name="message",
            ),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="contact",
            field=models.CharField(blank=True, max_length=200, verbose_name="contact"),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="removal_requests",
                to="chatlogs.member",
                verbose_name="member",
            ),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="messages",
            field=models.ManyToManyField(
                blank=True, related_name="removal_requests", to="chatlogs.message", verbose_name="messages"
            ),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="outcome",
            field=models.TextField(
                blank=True, help_text="For moderators who read this request later.", verbose_name="outcome"
            ),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="subject",
            field=models.TextField(blank=True, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="removalrequest",
            name="wish",
            field=models.CharField(
                choices=[
                    ("remove", "take down a message"),
                    ("erase", "erase it for good"),
                    ("opt-out", "do not name me, or take down all my messages"),
                    ("correct", "correct something"),
                    ("other", "something else"),
                ],
                max_length=7,
                verbose_name="requested action",
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="exporter",
            field=models.ForeignKey(
                blank=True,
                help_text="The person who exported the transcripts, called 我 in them.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="exported_rooms",
                to="chatlogs.member",
                verbose_name="exporter",
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="masked_kinds",
            field=models.JSONField(
                blank=True,
                default=chatlogs.models.rooms.default_masked_kinds,
                help_text="Kinds of personal data.",
                verbose_name="masked automatically",
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="reader_group",
            field=models.ForeignKey(
                blank=True,
                help_text="Members of this group may read the room while it is private.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="auth.group",
                verbose_name="reader group",
            ),
        ),
        migrations.AlterField(
            model_name="room",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("public", "public"),
                    ("unlisted", "unlisted: only by its address"),
                    ("private", "private: for a group of signed-in readers"),
                    ("hidden", "hidden from everybody"),
                ],
                default="public",
                max_length=8,
                verbose_name="visibility",
            ),
        ),
        migrations.AlterField(
            model_name="tombstone",
            name="is_holding",
            field=models.BooleanField(default=False, verbose_name="has messages pending review"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("duplicate_of__isnull", False)),
                fields=["duplicate_of"],
                name="message_by_duplicate",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of", models.F("id")), _negated=True),
                name="message_is_not_its_own_duplicate",
            ),
        ),
        migrations.AddConstraint(
            model_name="nameevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "account"), ("other", None), models.Q(("account_hash", ""), _negated=True)),
                    models.Q(("account_hash", ""), ("kind__in", ["quotation", "doubled"]), ("other__isnull", False)),
                    _connector="OR",
                ),
                name="name_evidence_is_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="personaldatamatch",
            constraint=models.UniqueConstraint(
                fields=("message", "start", "kind"), name="personal_data_match_has_own_place"
            ),
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]
