"""Permissions in the admin: every role, model, view, method and action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from chatlogs.models import Message, ModerationAction
from tests.exposure.world import build_taken

pytestmark = pytest.mark.django_db

ROLES = ("nobody", "reader", "onlooker", "moderator", "curator", "superuser")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# The admin treats PUT and PATCH as POST.
METHODS = [
    "post",
    "delete",
    *(pytest.param(name, marks=pytest.mark.thorough) for name in ("get", "head", "put", "patch")),
]

# Models that only superusers see, whatever permissions others have.
SECRET = {"SourceFile", "Segment", "Original", "OriginalName", "PendingDecision", "User", "Group"}
# Models that moderators see and curators do not.
OF_MODERATORS = {"RemovalRequest", "PersonalDataMatch", "Tombstone"}
# Models that both edit.
WRITTEN = {"DayNote", "Highlight"}

# The permissions that the groups give, of those that actions need.
PERMISSIONS = {
    "moderator": {
        "hide_message",
        "redact_message",
        "opt_out_member",
        "change_personaldatamatch",
        "change_removalrequest",
        "change_highlight",
        "undo_moderationaction",
    },
    "curator": {
        "change_member",
        "change_alias",
        "change_mentionedname",
        "change_mention",
        "change_suggestion",
        "change_highlight",
        "undo_moderationaction",
    },
}


def read_documented_actions() -> dict[str, str]:
    """The permission that each action needs, from the table in docs/moderation.md."""
    table = (Path(__file__).parents[2] / "docs" / "moderation.md").read_text()
    needed = {}
    for row in re.findall(r"^\| [^|]+ \| ((?:`\w+\.\w+` )+)\| (.+) \|$", table, re.MULTILINE):
        actions, permissions = (re.findall(r"`([\w.]+)`", cell) for cell in row)
        for number, action in enumerate(actions):
            needed[action] = permissions[min(number, len(permissions) - 1)]
    return needed


def actions_of(role: str) -> dict[str, set[str]]:
    """What a role is offered, by model."""
    offered: dict[str, set[str]] = {}
    for action, permission in read_documented_actions().items():
        if permission in PERMISSIONS.get(role, ()):
            model, name = action.split(".")
            offered.setdefault(model, set()).add(name)
    return offered


@pytest.fixture
def world(tmp_path: Path) -> None:
    build_taken(tmp_path)
    onlooker = User.objects.create_user("onlooker", is_staff=True)
    curator = User.objects.create_user("curator", is_staff=True)
    curator.groups.add(Group.objects.get(name="curator"))
    assert not onlooker.get_all_permissions()


def client_of(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "nobody":
        client.force_login(User.objects.get(username=role))
    return client


def may_view(role: str, model: type[Model]) -> bool:
    name = model.__name__
    if role == "superuser":
        return True
    is_seen = role in ("moderator", "curator") and name not in SECRET
    return is_seen and not (role == "curator" and name in OF_MODERATORS)


def may_write(role: str, model: type[Model]) -> bool:
    return model.__name__ in WRITTEN and role in ("moderator", "curator", "superuser")


def first_row(model: type[Model]) -> Model | None:
    """Return a row that the admin lists."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="superuser")
    return admin.site._registry[model].get_queryset(request).first()


def may_change(role: str, model: type[Model]) -> bool:
    """Return whether the role adds rows of the model in a form."""
    request = RequestFactory().get("/")
    request.user = User.objects.filter(username=role).first() or AnonymousUser()
    row = first_row(model)
    return row is not None and admin.site._registry[model].has_change_permission(request, row)


def pages_of(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Return the name and an address of each page of a model."""
    prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "list", reverse(f"{prefix}_changelist")
    yield "add", reverse(f"{prefix}_add")
    row = first_row(model)
    if row is not None:
        for view in ("change", "history", "delete"):
            yield view, reverse(f"{prefix}_{view}", args=[row.pk])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_the_pages_that_are_for_it(role: str, world: None) -> None:
    client = client_of(role)
    before = count_rows()
    wrong = []
    for model in MODELS:
        is_ours = model._meta.app_label == "chatlogs"
        for page, address in pages_of(model):
            status = client.get(address).status_code
            if role in ("nobody", "reader"):
                expected = {302}
            elif page == "delete" and is_ours:
                expected = {403}
            elif page == "add" and is_ours:
                expected = {200} if may_write(role, model) else {403}
            else:
                expected = {200} if may_view(role, model) else {403}
            if status not in expected:
                wrong.append((model.__name__, page, status))
    assert wrong == []
    assert count_rows() == before


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ROLES)
def test_no_method_adds_changes_or_deletes_without_permission(role: str, method: str, world: None) -> None:
    """Posts without a confirmed action change no message, no log and no number of rows."""
    client = client_of(role)
    before = count_rows()
    states = dict(Message.objects.values_list("key", "state"))
    for model in MODELS:
        if model._meta.app_label != "chatlogs" or may_change(role, model):
            continue
        for _page, address in pages_of(model):
            response = getattr(client, method)(address, {"post": "yes"} if method == "post" else None)
            assert response.status_code < 500, (address, method)
    assert count_rows() == before
    assert dict(Message.objects.values_list("key", "state")) == states


def count_rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS if model._meta.app_label == "chatlogs"}


@pytest.mark.parametrize("role", ROLES[2:])
def test_each_role_is_offered_its_actions(role: str, world: None) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username=role)
    offered = {
        model.__name__: set(names)
        for model, page in admin.site._registry.items()
        if model._meta.app_label == "chatlogs" and (names := page.get_actions(request))
    }
    if role == "superuser":
        assert offered == {
            model.__name__: {name if isinstance(name, str) else name.__name__ for name in page.actions or ()}
            for model, page in admin.site._registry.items()
            if model._meta.app_label == "chatlogs" and page.actions
        }
    else:
        assert offered == actions_of(role)


def test_every_action_is_documented_with_its_permission() -> None:
    declared = {
        f"{model.__name__}.{name if isinstance(name, str) else name.__name__}"
        for model, page in admin.site._registry.items()
        if model._meta.app_label == "chatlogs"
        for name in page.actions or ()
    }
    assert read_documented_actions().keys() == declared


@pytest.mark.parametrize("role", ROLES)
def test_an_action_that_is_not_offered_does_nothing(role: str, world: None) -> None:
    client = client_of(role)
    before = ModerationAction.objects.count()
    for model, page in admin.site._registry.items():
        if model._meta.app_label != "chatlogs":
            continue
        row = first_row(model)
        offered = actions_of(role).get(model.__name__, set())
        actions = {name if isinstance(name, str) else name.__name__ for name in page.actions or ()}
        if row is None or role == "superuser":
            continue
        for action in actions - offered:
            answers = {"action": action, "_selected_action": [row.pk], "confirmed": "yes", "reason": "why", **ANSWERS}
            prefix = f"admin:chatlogs_{model._meta.model_name}"
            client.post(reverse(f"{prefix}_changelist"), {**answers, "index": "0"})
            client.post(reverse(f"{prefix}_change", args=[row.pk]), answers)
    assert ModerationAction.objects.count() == before


ANSWERS = {"category": "other", "part": "both", "extent": "name", "visibility": "public", "understood": "on"}


@pytest.mark.parametrize("role", ["moderator", "curator"])
def test_a_permission_more_does_not_open_what_is_secret(role: str, world: None) -> None:
    user = User.objects.get(username=role)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="chatlogs"))
    client = client_of(role)
    secret = [model for model in MODELS if model.__name__ in SECRET and model._meta.app_label == "chatlogs"]
    statuses = {model.__name__: {client.get(address).status_code for _, address in pages_of(model)} for model in secret}
    assert statuses == {name: {403} for name in statuses}
