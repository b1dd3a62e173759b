"""The kinds of actions are read from the code, so that a new one needs no migration. No column changes."""

from django.db import migrations, models

import chatlogs.models.moderation


class Migration(migrations.Migration):
    dependencies = [("chatlogs", "0011_standard_keys")]

    operations = [
        migrations.AlterField(
            "ModerationAction",
            "kind",
            models.CharField("action", choices=chatlogs.models.moderation.list_action_kinds, max_length=10),
        ),
    ]
