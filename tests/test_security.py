"""What browsers are told to refuse, on the site and in the admin."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests.site_environment import ROOT, environment_for_production

PATHS = ["/", "/messages/", "/no/such/page/", "/api/v1/rooms/", "/accounts/login/", "/admin/login/", "/admin/"]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)

ON_IN_PRODUCTION = [
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
]


@pytest.fixture
def superuser(archive: Path, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def assert_strict(response: Any) -> None:
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", response.content.decode())


@pytest.mark.parametrize("path", PATHS)
def test_devices_and_the_like_are_out_of_reach(path: str, archive: Path, client: Client) -> None:
    policy = client.get(path).headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= {*policy.split(", ")}
    assert set(re.findall(r"=(\S+?)(?:,|$)", policy)) == {"()"}


@pytest.mark.parametrize("path", PATHS)
def test_no_other_site_may_look_in(path: str, archive: Path, client: Client) -> None:
    headers = client.get(path).headers
    told = [headers[name] for name in ("Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Frame-Options")]
    assert told == ["same-origin", "same-origin", "DENY"]


@pytest.mark.parametrize("path", PATHS)
def test_the_policy_has_what_no_default_stands_for(path: str, archive: Path, client: Client) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert {"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} <= {*policy.split("; ")}


@pytest.mark.parametrize("path", ["/admin/", "/admin/password_change/", "/admin/login/"])
def test_the_admin_keeps_to_the_strict_policy(path: str, superuser: Client) -> None:
    assert_strict(superuser.get(path))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_list_of_the_admin_keeps_to_it(model: type[Model], superuser: Client) -> None:
    assert_strict(superuser.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_form_of_the_admin_keeps_to_it(model: type[Model], superuser: Client) -> None:
    row = model._default_manager.first()
    if row:
        assert_strict(
            superuser.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]))
        )


def test_cookies_stay_on_this_site(archive: Path, client: Client) -> None:
    User.objects.create_user("wen", password="三更灯火五更鸡")
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"username": "wen", "password": "三更灯火五更鸡"})
    cookies = {name: (cookie["samesite"], bool(cookie["httponly"])) for name, cookie in client.cookies.items()}
    assert cookies == {"sessionid": ("Lax", True), "csrftoken": ("Lax", True)}


def test_in_production_everything_is_encrypted(tmp_path: Path) -> None:
    code = f"""
from django.conf import settings
print(settings.SECURE_HSTS_SECONDS, *(getattr(settings, name) for name in {ON_IN_PRODUCTION}))
"""
    environment = environment_for_production(tmp_path) | {"DJANGO_SETTINGS_MODULE": "archive.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["31536000", *["True"] * len(ON_IN_PRODUCTION)]
