"""Filters of the admin's lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Days -> label.
AGES = {
    "1": _("older than a day"),
    "7": _("older than a week"),
    "30": _("older than 30 days"),
    "90": _("older than 90 days"),
}


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with fixed choices: a subclass has the choices and `narrow`.

    With a label as `default`, rows are narrowed if nothing is chosen, too, and "all" shows every row.
    """

    options: Sequence[tuple[str, Any]] = ()
    default: Any = None

    def narrow(self, rows: QuerySet[Any], value: str | None, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of a choice; None, the default, only comes with a `default`."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*self.options, ("all", _("all"))] if self.default else list(self.options)

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": self.default} if self.default else first
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value in dict(self.options):
            return self.narrow(queryset, value, request)
        return self.narrow(queryset, None, request) if self.default and value != "all" else queryset


def age_filter(field: str, *days: str) -> type[ChoiceFilter]:
    """Return a filter by the age of a row, with the choices `days`, which are keys of AGES."""

    class AgeFilter(ChoiceFilter):
        title = _("age")
        parameter_name = "age"
        options = [(number, AGES[number]) for number in days]

        def narrow(self, rows: QuerySet[Any], value: str | None, request: HttpRequest) -> QuerySet[Any]:
            return rows.filter(**{f"{field}__lte": timezone.now() - dt.timedelta(days=int(value or 0))})

    return AgeFilter
