from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chatlogs", "0006_pending_decisions"),
    ]

    operations = [
        migrations.AddField(
            model_name="image",
            name="path",
            field=models.TextField(blank=True, db_default="", default="", editable=False, verbose_name="file"),
        ),
        migrations.AddField(
            model_name="image",
            name="width",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="width"),
        ),
        migrations.AddField(
            model_name="image",
            name="height",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="height"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("kind", "image")), fields=["position"], name="message_by_picture"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("kind", "image")), fields=["room", "position"], name="message_by_room_picture"
            ),
        ),
    ]
