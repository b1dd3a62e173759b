"""What nobody may do in the admin, whatever their rights."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property

# Counting millions of rows takes seconds; nobody leafs through this many.
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class BaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the import makes, and that stay."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Django's own log keeps what a row is called, and a name may have to be forgotten: its number alone."""
        return LogEntry.objects.create(
            user_id=moderator_of(request).pk,
            content_type=ContentType.objects.get_for_model(obj),
            object_id=obj.pk,
            object_repr=str(obj.pk),
            action_flag=CHANGE,
            change_message=json.dumps(message),
        )


class ReadOnlyAdmin(BaseAdmin):
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ActionsOnlyAdmin(BaseAdmin):
    """Rows that have no form: moderators decide by actions, which ask for the right to change."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)


class SuperuserAdmin(ReadOnlyAdmin):
    """Sources hold private account ids, and what moderators have hidden."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return is_superuser(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class ModerationPermissions(BaseAdmin):
    """What actions ask for, besides the right to change the model's rows."""

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
