from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from chatlogs import checks


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_database_in_use_passes(db: None) -> None:
    assert not run_checks(tags=["database"], databases=["default"])


@pytest.mark.parametrize(("locale", "encoding"), [("C", "UTF8"), ("C.UTF-8", "SQL_ASCII"), ("zh_CN.gbk", "EUC_CN")])
def test_postgresql_in_another_locale_is_an_error(locale: str, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = MagicMock(vendor="postgresql")
    connection.cursor().__enter__().fetchone.return_value = (locale, encoding)
    monkeypatch.setattr(checks, "connections", {"default": connection})
    (error,) = checks.check_locale(databases=["default"])
    assert "must be UTF-8" in error.msg


@pytest.mark.parametrize("locale", ["C.UTF-8", "en_US.utf8", "zh_CN.UTF-8"])
def test_postgresql_in_a_utf8_locale_passes(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = MagicMock(vendor="postgresql")
    connection.cursor().__enter__().fetchone.return_value = (locale, "UTF8")
    monkeypatch.setattr(checks, "connections", {"default": connection})
    assert not checks.check_locale(databases=["default"])
