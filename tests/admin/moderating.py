"""Moderators in tests: signed in, with the rights they need, and pressing what the pages offer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

REASON = "同一个人"


def address(model: type[Model], view: str, *arguments: object) -> str:
    return reverse(f"admin:chatlogs_{model._meta.model_name}_{view}", args=arguments)


def sign_in(client: Client, *permissions: str) -> User:
    """As one who has these rights alone, such as `view_alias`."""
    user = User.objects.create_user(f"user{User.objects.count()}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


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
    filters: dict[str, str] | None = None,
    **answers: object,
) -> Any:
    """Answer the page that an action asks on."""
    keys = [row.pk for row in rows]
    data = {"action": action, "confirmed": "yes", "reason": reason, "_selected_action": keys, **answers}
    return client.post(address(type(rows[0]), "changelist"), data, query_params=filters)


def press(client: Client, action: str, row: Model, **answers: object) -> Any:
    """Press the action's button on a row's page."""
    return client.post(address(type(row), "change", row.pk), {"action": action, **answers})


def save(client: Client, row: Model, **fields: object) -> Any:
    return client.post(address(type(row), "change", row.pk), fields)


def said(response: Any) -> list[tuple[str, str]]:
    """The level and text of what the next page will tell."""
    return [(str(message.level_tag), str(message)) for message in get_messages(response.wsgi_request)]


def levels(response: Any) -> list[str]:
    return [level for level, _ in said(response)]
