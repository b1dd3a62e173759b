"""Signs in moderators with their permissions, and uses the forms and buttons of the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from chatlogs.models import ModerationAction

REASON = "同一个人"

# Answers to the confirmation page of an action.
WHY = {"category": "personal", "reason": REASON}


def address(model: type[Model], view: str, *arguments: object) -> str:
    return reverse(f"admin:chatlogs_{model._meta.model_name}_{view}", args=arguments)


def sign_in(client: Client, *permissions: str) -> User:
    """Sign in a user with only these permissions, such as `view_alias`."""
    user = User.objects.create_user(f"user{User.objects.count()}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


def sign_in_as(client: Client, role: str) -> User:
    """Sign in a member of a built-in group, a superuser, or staff without permissions."""
    user = User.objects.create_user(f"user{User.objects.count()}", is_staff=True, is_superuser=role == "superuser")
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return user


def page_of(client: Client, row: Model) -> str:
    response = client.get(address(type(row), "change", row.pk))
    assert response.status_code == 200
    return str(response.content.decode())


def listed(client: Client, model: type[Model], **query: str) -> str:
    response = client.get(address(model, "changelist"), query)
    assert response.status_code == 200
    return str(response.content.decode())


def last_action() -> ModerationAction:
    return ModerationAction.objects.latest("pk")


def choose(client: Client, action: str, *rows: Model, **filters: str) -> Any:
    """Choose an action for rows of a list."""
    keys = [row.pk for row in rows]
    data = {"action": action, "index": "0", "select_across": "0", "_selected_action": keys}
    return client.post(address(type(rows[0]), "changelist"), data, query_params=filters)


def confirm(
    client: Client,
    action: str,
    *rows: Model,
    reason: str = REASON,
    filters: Any = None,
    **answers: Any,
) -> Any:
    """Submit the confirmation page of an action."""
    keys = [row.pk for row in rows]
    data = {"action": action, "confirmed": "yes", **WHY, "reason": reason, "_selected_action": keys, **answers}
    return client.post(address(type(rows[0]), "changelist"), data, query_params=filters)


def press(client: Client, action: str, row: Model, **answers: object) -> Any:
    """Press the action's button on a row's page."""
    return client.post(address(type(row), "change", row.pk), {"action": action, **answers})


def save(client: Client, row: Model, **fields: object) -> Any:
    return client.post(address(type(row), "change", row.pk), fields)


def said(response: Any) -> list[tuple[str, str]]:
    """Return level and text of the messages for the next page."""
    return [(str(message.level_tag), str(message)) for message in get_messages(response.wsgi_request)]


def levels(response: Any) -> list[str]:
    return [level for level, _ in said(response)]
