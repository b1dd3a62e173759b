"""The form and the messages of an erasure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.replies import QuotedForm

# Seconds that a page waits for readers of the database.
PATIENCE = 10.0


class ErasureForm(QuotedForm):
    understood = forms.BooleanField(label=_("I understand that this cannot be undone."))


def finish_on_commit(files: Sequence[str], say: Callable[[str, int], None]) -> None:
    """Compact the database once the transaction is committed, and show what is left to do.

    `files` are paths of erased images in the folder IMAGES; `say` is `message_user` of a request.
    """

    def finish() -> None:
        if connection.vendor != "sqlite":
            text = gettext(
                "To finish the erasure, run manage.py compact_after_erasure, which clears the database files."
            )
            say(text, messages.WARNING)
        else:
            try:
                moderation.compact_after_erasure(PATIENCE)
            except TimeoutError:
                text = gettext(
                    "The erasure is not finished because the database is in use: run manage.py compact_after_erasure."
                )
                say(text, messages.WARNING)
        if files:
            text = gettext("The image files are still in the IMAGES folder; delete them yourself: %(files)s")
            say(text % {"files": ", ".join(files)}, messages.WARNING)

    transaction.on_commit(finish)
