"""Erasing: said twice, and finished at once where that takes no time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatlogs import moderation
from chatlogs.admin.actions.replies import QuotedForm

# How long a page waits for who is reading the database.
PATIENCE = 10.0


class ErasureForm(QuotedForm):
    understood = forms.BooleanField(label=_("I understand that nothing brings it back."))


def finish_afterwards(say: Callable[[str, int], None]) -> None:
    """Once the transaction is committed: `say` tells what is left to be done, if anything is."""
    transaction.on_commit(lambda: _finish(say))


def tell_of_files(files: Sequence[str], say: Callable[[str, int], None]) -> None:
    """Once the transaction is committed. `files` are paths in the folder of pictures."""
    if files:
        text = gettext("The pictures themselves are still in the folder IMAGES, for you to delete: %(files)s")
        transaction.on_commit(lambda: say(text % {"files": ", ".join(files)}, LEVEL))


def _finish(say: Callable[[str, int], None]) -> None:
    if connection.vendor != "sqlite":
        say(gettext("Still to be done: run manage.py compact_after_erasure, which clears the database's files."), LEVEL)
        return
    try:
        moderation.compact_after_erasure(PATIENCE)
    except TimeoutError:
        say(gettext("Still erasing, for somebody is reading the database: run manage.py compact_after_erasure."), LEVEL)


LEVEL = messages.WARNING
