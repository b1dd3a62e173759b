"""The log entries of merging and splitting members, which `chatlogs.people` does and undoes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html

from chatlogs.moderation.actions.registry import ChangeType, MakeLink, register


@register
class NameMove(ChangeType):
    keys = {"name", "from", "to"}
    subject = "name"
    undo_permissions = ["change_alias", "change_member"]

    def describe(self, change: Mapping[str, Any], link: MakeLink) -> str:
        return format_html("{} → {}", link("member", change["from"]), link("member", change["to"]))
