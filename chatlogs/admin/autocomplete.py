"""Choosing a name or a member by typing a part of it, where thousands have to be told apart."""

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
    """Rows that others' forms let choose: those that `offer` lets through, with what `label` tells of them."""

    def label(self, row: Any) -> str:
        return str(row)

    def offer(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(Choices.as_view(admin_site=self.admin_site))
        return [path("choices/", view, name=_url_name(self.model)), *super().get_urls()]


class Choices(AutocompleteJsonView):
    model_admin: AutocompleteSource

    def get_queryset(self) -> models.QuerySet[Any]:
        return self.model_admin.offer(super().get_queryset())

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": self.model_admin.label(obj)}


class ChoiceWidget(AutocompleteSelect):
    def get_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{_url_name(self.field.remote_field.model)}")


class ChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: models.Model) -> str:
        return admin_of(type(obj)).label(obj)


class AutocompleteFields(BaseAdmin):
    """Names and members are chosen by typing."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return autocomplete_field(db_field, request, **kwargs)


def autocomplete_field(db_field: Any, request: HttpRequest, **kwargs: Any) -> ChoiceField:
    """A form's field for a foreign key to rows of a AutocompleteSource."""
    rows = admin_of(db_field.remote_field.model).get_queryset(request)
    widget = ChoiceWidget(db_field, admin.site)
    return cast(ChoiceField, db_field.formfield(form_class=ChoiceField, queryset=rows, widget=widget, **kwargs))


def admin_of(model: type[models.Model]) -> AutocompleteSource:
    return cast(AutocompleteSource, admin.site.get_model_admin(model))


def _url_name(model: type[models.Model]) -> str:
    return f"chatlogs_{model._meta.model_name}_choices"
