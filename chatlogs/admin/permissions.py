"""What nobody may do in the admin, whatever their rights."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
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


class MadeByImport(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the import makes, and that stay."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(MadeByImport):
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class DecidedByActions(MadeByImport):
    """Rows that have no form: moderators decide by actions, which ask for the right to change."""

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)


class ForSuperusers(ReadOnly):
    """Sources hold private account ids, and what moderators have hidden."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


def moderator_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
