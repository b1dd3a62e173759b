from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0005_moderators"),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=21, unique=True, verbose_name="key")),
                ("room", models.CharField(max_length=100, verbose_name="room")),
                ("date", models.DateField(verbose_name="date")),
                ("decision", models.JSONField(verbose_name="decision")),
            ],
            options={
                "verbose_name": "pending decision",
                "verbose_name_plural": "pending decisions",
                "ordering": ["key"],
                "default_permissions": (),
            },
        ),
    ]
