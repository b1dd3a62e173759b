"""System checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def check_locale(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Require UTF-8: with another locale, PostgreSQL cannot match Chinese text case-insensitively."""
    return [error for alias in databases or () for error in _locale_errors(alias)]


def _locale_errors(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datctype, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        )
        locale, encoding = cursor.fetchone()
    if encoding == "UTF8" and locale.upper().replace("-", "").endswith("UTF8"):
        return []
    hint = "Make it with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    message = f"The database's encoding is {encoding} and its character type {locale}: both must be UTF-8."
    return [Error(message, hint=hint, id="chatlogs.E001")]
