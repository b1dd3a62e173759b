"""The floor fills the required columns: a new one must not break it unnoticed."""

from __future__ import annotations

import pytest
from django.apps import apps

from benchmarks.import_floor import COLUMNS

MODELS = {model._meta.db_table: model for model in apps.get_models()}


@pytest.mark.parametrize("table", COLUMNS)
def test_the_floor_fills_every_required_column(table: str) -> None:
    fields = MODELS[table]._meta.concrete_fields
    required = {field.column for field in fields if not field.null and not field.has_db_default()}
    assert required <= set(COLUMNS[table].split())
