"""Form fields that search names and members as the moderator types, and say more about each than its name."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from chatlogs.admin.base import BaseAdmin


class AutocompleteSource(BaseAdmin):
    """Rows that other forms offer: those that `offer` lets through, under what `label` returns."""

    def label(self, row: Any) -> str:
        return str(row)

    def offer(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(AutocompleteView.as_view(admin_site=self.admin_site))
        return [path("choices/", view, name=_url_name(self.model)), *super().get_urls()]


class AutocompleteFields(BaseAdmin):
    """Foreign keys of the form are autocomplete fields."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return autocomplete_field(db_field, request, **kwargs)


class AutocompleteView(AutocompleteJsonView):
    model_admin: AutocompleteSource

    def get_queryset(self) -> models.QuerySet[Any]:
        return self.model_admin.offer(super().get_queryset())

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": self.model_admin.label(obj)}


class AutocompleteWidget(AutocompleteSelect):
    def get_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{_url_name(self.field.remote_field.model)}")


class AutocompleteField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: models.Model) -> str:
        return _source(type(obj)).label(obj)


def autocomplete_field(db_field: Any, request: HttpRequest, **kwargs: Any) -> AutocompleteField:
    """Return a form field for a foreign key to a model whose admin is an AutocompleteSource."""
    rows = _source(db_field.remote_field.model).get_queryset(request)
    widget = AutocompleteWidget(db_field, admin.site)
    field = db_field.formfield(form_class=AutocompleteField, queryset=rows, widget=widget, **kwargs)
    return cast(AutocompleteField, field)


def _source(model: type[models.Model]) -> AutocompleteSource:
    return cast(AutocompleteSource, admin.site.get_model_admin(model))


def _url_name(model: type[models.Model]) -> str:
    return f"chatlogs_{model._meta.model_name}_choices"
