"""Keeps pages of days in the database, for all processes, until something that readers see changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from chatlogs.caching import Page
from chatlogs.models import Archive, Rendering
from chatlogs.waiting import patience


class DatabaseShelf:
    """Of HTML alone."""

    def find(self, key: str, revision: int) -> Page | None:
        """Whatever `raise_revision` was too late to delete is of another revision."""
        found = Rendering.objects.filter(pk=key, revision=revision).values_list("html", "robots")
        return next((Page(*row) for row in found), None)

    def keep(self, key: str, revision: int, page: Page) -> None:
        """Unless something has changed since, or is changing just now: who reads waits for nobody who writes."""
        rendering = Rendering(key=key, revision=revision, html=page.html, robots=page.robots)
        try:
            with _at_once(), transaction.atomic():
                if list(Archive.objects.select_for_update(nowait=True).filter(revision=revision)):
                    Rendering.objects.bulk_create([rendering], ignore_conflicts=True)
        except OperationalError:
            return


@contextmanager
def _at_once() -> Iterator[None]:
    """On SQLite a transaction begins with the lock, or fails."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor, patience(cursor, 0):
        yield
