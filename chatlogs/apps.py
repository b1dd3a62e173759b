from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatlogsConfig(AppConfig):
    name = "chatlogs"
    verbose_name = _("chat logs")

    def ready(self) -> None:
        from chatlogs import checks  # noqa: F401  (registers itself)
        from chatlogs.moderation import follow_names
        from chatlogs.people.merging import names_moved

        names_moved.connect(follow_names)
