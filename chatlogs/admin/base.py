"""Base classes of the admin: what nobody may do in it, whatever their permissions."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

# Counting millions of rows takes seconds, and nobody pages through this many.
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class BaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are made by imports and moderation, not by a form, and are never deleted here."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    # Django's own log stores the text of a row, which may be a name that has to be removed later: store the number.

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _log(request, obj, CHANGE, message)


class ReadOnlyAdmin(BaseAdmin):
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ActionsOnlyAdmin(BaseAdmin):
    """Rows without a form: moderators decide by actions, which need the permission to change."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)


class SuperuserAdmin(ReadOnlyAdmin):
    """Rows that hold private account IDs, or what moderators have hidden."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_superuser(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class ModerationPermissions(BaseAdmin):
    """Permissions that actions can require besides the one to change the model's rows."""

    def has_hide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.hide_message")

    def has_redact_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.redact_message")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.erase_message")

    def has_opt_out_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.opt_out_member")

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("chatlogs.undo_moderationaction")


def is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def moderator_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _log(request: HttpRequest, obj: models.Model, flag: int, message: Any) -> LogEntry:
    return LogEntry.objects.create(
        user_id=moderator_of(request).pk,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        object_repr=str(obj.pk),
        action_flag=flag,
        change_message=json.dumps(message),
    )
