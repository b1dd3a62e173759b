"""Settings come from the environment, and the documents know each of them."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from archive.secret_key import kept_secret_key
from tests.site_environment import ROOT, environment_for_production, environment_for_tests

VARIABLE = re.compile(r"env\.\w+\(\s*\"(\w+)\"")


def variables_read() -> set[str]:
    return set(VARIABLE.findall((ROOT / "archive" / "settings.py").read_text()))


def load_settings(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_the_documents_list_each_variable_that_is_read() -> None:
    table = (ROOT / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == variables_read()


def test_the_example_lists_each_variable_that_is_read() -> None:
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == variables_read()


def test_a_secret_key_is_made_and_kept(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path / "var" / "secret_key")
    assert len(key) >= 50
    assert kept_secret_key(tmp_path / "var" / "secret_key") == key


def test_the_kept_secret_key_is_its_owners_alone(tmp_path: Path) -> None:
    kept_secret_key(tmp_path / "secret_key")
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_requires(name: str, tmp_path: Path) -> None:
    done = load_settings(environment_for_production(tmp_path) | {name: ""})
    assert done.returncode != 0
    assert f"PRODUCTION is on: set {name}" in done.stderr


def test_the_deployment_check_finds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    environment = environment_for_production(tmp_path)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_production_refuses_debug(tmp_path: Path) -> None:
    done = load_settings(environment_for_production(tmp_path) | {"DEBUG": "on"})
    assert "turn DEBUG off" in done.stderr


def test_moderators_are_written_to_through_a_server(tmp_path: Path) -> None:
    environment = environment_for_tests(tmp_path) | {"MODERATORS_EMAIL": "moderators@example.org"}
    assert "set EMAIL_URL" in load_settings(environment).stderr
    assert load_settings(environment | {"EMAIL_URL": "smtp://localhost:25"}).returncode == 0


@pytest.mark.parametrize("name", ["REQUEST_DAYS", "REQUEST_RETENTION_DAYS", "ORIGINAL_RETENTION_DAYS"])
def test_a_number_of_days_is_not_below_one(name: str, tmp_path: Path) -> None:
    done = load_settings(environment_for_tests(tmp_path) | {name: "0"})
    assert "must be numbers of days, at least 1" in done.stderr


def test_a_first_look_needs_no_variable_at_all(tmp_path: Path) -> None:
    done = load_settings({"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_cookies_work_without_tls_outside_production(tmp_path: Path) -> None:
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    environment = environment_for_tests(tmp_path) | {"DJANGO_SETTINGS_MODULE": "archive.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "0"]
