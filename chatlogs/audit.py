"""What all actions have in common: done one after another, whole or not at all, and written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NotRequired, TypedDict

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from chatlogs.models import ModerationAction, RemovalRequest


class ActionRefused(Exception):
    """A deed that makes no sense; the message says why, to whoever is asked to do it."""


class Justification(TypedDict):
    """Who wants a deed, and for what. `by` is None where nobody decided; `category` is a ModerationAction.Ground."""

    by: User | None
    category: str
    reason: str
    removal_request: NotRequired[RemovalRequest | None]


@contextmanager
def locked_archive() -> Iterator[None]:
    """A transaction that has the Archive's row: nobody else changes what can be seen while this one does."""
    with transaction.atomic():
        _wait_for_turn()
        yield


def _wait_for_turn() -> None:
    """On SQLite, the transaction began with it. Not through a queryset: an import is alone once a file."""
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM chatlogs_archive FOR UPDATE")


def log_action(
    kind: str,
    changes: Sequence[Any],
    *,
    by: User | None,
    reason: str,
    category: str = "",
    removal_request: RemovalRequest | None = None,
    undoes: ModerationAction | None = None,
) -> ModerationAction:
    """Within the deed's transaction."""
    return ModerationAction.objects.create(
        kind=kind,
        made_at=timezone.now(),
        actor=by,
        actor_name=by.get_username() if by else "",
        category=category,
        reason=reason,
        removal_request=removal_request,
        undoes=undoes,
        changes=list(changes),
    )
