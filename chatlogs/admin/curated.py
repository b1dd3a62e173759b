"""Rows that curators write by a form, each change a deed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest

from chatlogs.admin.actions.confirmation import WithActions
from chatlogs.admin.base import moderator_of


class Written(WithActions):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Deeds save the rows of formsets, which know nothing of it."""
        return super().construct_change_message(request, form, [], add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """As of changes: its number alone."""
        return LogEntry.objects.create(
            user_id=moderator_of(request).pk,
            content_type=ContentType.objects.get_for_model(obj),
            object_id=obj.pk,
            object_repr=str(obj.pk),
            action_flag=ADDITION,
            change_message=json.dumps(message),
        )
