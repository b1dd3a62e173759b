"""The admin, by the files of `models/`, and the queue of suggestions."""

from django.contrib import admin

from chatlogs.admin import archive, mentions, people, records, sources, suggestions

__all__ = ["archive", "mentions", "people", "records", "sources", "suggestions"]

# Nothing is deleted here: the transcripts would only bring it back.
admin.site.disable_action("delete_selected")
