"""The environment in which the site is checked and tested."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.throwaway_postgres import without_postgres_settings

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = {"DJANGO_SETTINGS_MODULE", "PYTHONHOME", "PYTHONPATH", "PYTEST_ADDOPTS", "VIRTUAL_ENV"}


def environment_for_tests(var: Path, database_url: str | None = None) -> dict[str, str]:
    """Every setting has its value here, so that neither the shell nor .env changes a result."""
    inherited = without_postgres_settings(os.environ)
    return {name: value for name, value in inherited.items() if name not in FOREIGN} | {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "API_RATE": "off",
        "REQUEST_DAYS": "14",
        "REQUEST_RETENTION_DAYS": "365",
        "DATABASE_URL": database_url or f"sqlite:///{var}/qunlu.sqlite3",
        "DEBUG": "off",
        "DEFAULT_FROM_EMAIL": "archive@example.org",
        "DOWNLOAD_RATE": "off",
        "EMAIL_URL": "",
        "IMAGES": "",
        "MODERATORS_EMAIL": "",
        "PRODUCTION": "off",
        "REMOVAL_RATE": "off",
        "ORIGINAL_RETENTION_DAYS": "30",
        "SEARCH_RATE": "off",
        "SECRET_KEY": "used-by-the-tests-and-nowhere-else-" + "0123456789abcdef" * 2,
        "SITE_TITLE": "群录",
        "TIME_ZONE": "Asia/Shanghai",
        "TRANSCRIPTS": str(ROOT / "samples"),
        "TRUSTED_PROXIES": "0",
        "VAR_DIR": str(var),
    }


def environment_for_production(var: Path) -> dict[str, str]:
    return environment_for_tests(var) | {"ALLOWED_HOSTS": "example.org", "PRODUCTION": "on"}


def skip_or_fail(missing: str) -> NoReturn:
    """Skip a test for which a program is missing; REQUIRE_ALL=1, as in CI, makes that a failure."""
    (pytest.fail if is_everything_required() else pytest.skip)(missing)


def is_everything_required() -> bool:
    return os.environ.get("REQUIRE_ALL", "") not in {"", "0"}
