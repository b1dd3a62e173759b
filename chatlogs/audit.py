"""Run actions one at a time and atomically, and record them in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NotRequired, TypedDict

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from chatlogs.models import ModerationAction, RemovalRequest


class ActionRefused(Exception):
    """An action cannot be carried out; the message tells the moderator why."""


class Justification(TypedDict):
    """Who takes an action and why. `by` is None for automatic actions; `category` is a ModerationAction.Category."""

    by: User | None
    category: str
    reason: str
    removal_request: NotRequired[RemovalRequest | None]


@contextmanager
def locked_archive() -> Iterator[None]:
    """Open a transaction that holds the Archive's row, so that actions and imports run one after another."""
    with transaction.atomic():
        _wait_for_turn()
        yield


def _wait_for_turn() -> None:
    """SQLite locks when the transaction begins. Raw SQL, because an import locks once per file."""
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
    """Record an action. Called within its transaction."""
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
