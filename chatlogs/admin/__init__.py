"""The admin, by the files of `models/`."""

from django.contrib import admin

from chatlogs.admin import archive, people, records, sources

__all__ = ["archive", "people", "records", "sources"]

# Nothing is deleted here: the transcripts would only bring it back.
admin.site.disable_action("delete_selected")
