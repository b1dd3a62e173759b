"""Who decides in these tests, why, and what can be seen afterwards."""

from __future__ import annotations

from django.contrib.auth.models import User

from chatlogs.audit import Justification
from chatlogs.models import Message
from tests.importing.dumps import dump_text_columns


def why(by: User | None = None) -> Justification:
    return {"by": by, "category": "request", "reason": "她不想再看到"}


def said(text: str) -> Message:
    """The message with these words in what readers see of it."""
    return Message.objects.get(text__contains=text)


def shown() -> list[str]:
    """The texts that readers see, in order."""
    return list(Message.objects.visible().order_by("position").values_list("text", flat=True))


def columns_with(words: str) -> set[str]:
    """The columns of the database that have the words in them."""
    return {column for column, text in dump_text_columns() if words in text}
