"""The admin: everything can be viewed, and nothing that the import made can be added or deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from chatlogs.models import (
    Archive,
    CachedPage,
    DayNote,
    Erasure,
    Highlight,
    HighlightPart,
    ImportProblem,
    ImportRun,
    Message,
    Original,
    OriginalName,
    Redaction,
    Room,
    Segment,
    SourceFile,
    Tag,
)

# Shown on other pages: redactions and erasures on those of messages and actions, parts with their highlight. Cached
# pages are derived from the others.
TOLD_BY_OTHERS: set[type[Model]] = {Redaction, Erasure, HighlightPart, Tag, CachedPage}

# Models that curators edit.
WRITTEN: set[type[Model]] = {DayNote, Highlight}

MODELS = sorted((model for model in admin.site._registry if model._meta.app_label == "chatlogs"), key=str)


def address(model: type[Model], view: str, *arguments: object) -> str:
    return reverse(f"admin:chatlogs_{model._meta.model_name}_{view}", args=arguments)


@pytest.fixture
def superuser(client: Client, archive: Path) -> Client:
    client.force_login(User.objects.create_superuser("wen"))
    return client


@pytest.fixture
def moderator(client: Client, archive: Path) -> Client:
    user = User.objects.create_user("he", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="chatlogs"))
    client.force_login(user)
    return client


def test_every_model_is_there() -> None:
    from django.apps import apps

    assert set(MODELS) == set(apps.get_app_config("chatlogs").get_models()) - TOLD_BY_OTHERS


@pytest.mark.parametrize("model", MODELS)
def test_a_superuser_can_list(model: type[Model], superuser: Client) -> None:
    assert superuser.get(address(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_a_superuser_can_search_and_look(model: type[Model], superuser: Client) -> None:
    assert superuser.get(address(model, "changelist"), {"q": "x"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert superuser.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [model for model in MODELS if model not in WRITTEN])
def test_nobody_can_add(model: type[Model], superuser: Client) -> None:
    assert superuser.get(address(model, "add")).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_nobody_can_delete(model: type[Model], superuser: Client) -> None:
    row = model._default_manager.first()
    if row is not None:
        assert superuser.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_the_action_that_deletes_what_is_selected_is_gone(model: type[Model], superuser: Client) -> None:
    assert "delete_selected" not in superuser.get(address(model, "changelist")).content.decode()


def test_users_are_deleted_as_everywhere(superuser: Client) -> None:
    assert "delete_selected" in superuser.get(reverse("admin:auth_user_changelist")).content.decode()


@pytest.mark.parametrize("model", [ImportRun, ImportProblem, Message, Archive])
def test_records_of_imports_are_read_only(model: type[Model], superuser: Client) -> None:
    row = model._default_manager.first()
    if row is not None:
        assert superuser.post(address(model, "change", row.pk), {}).status_code == 403


@pytest.mark.parametrize("model", [SourceFile, Segment, Original, OriginalName])
def test_only_superusers_see_sources(model: type[Model], moderator: Client) -> None:
    assert moderator.get(address(model, "changelist")).status_code == 403


def test_a_moderator_gives_a_room_a_title(moderator: Client) -> None:
    room = Room.objects.get(slug="tea-room")
    moderator.post(address(Room, "change", room.pk), {"title": "茶室", "description": ""})
    room.refresh_from_db()
    assert (room.title, room.slug) == ("茶室", "tea-room")


def test_the_archives_key_is_not_shown(superuser: Client) -> None:
    row = Archive.objects.get()
    assert bytes(row.key).hex() not in superuser.get(address(Archive, "change", 1)).content.decode()


def test_a_visitor_is_asked_to_sign_in(archive: Path, client: Client) -> None:
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")
