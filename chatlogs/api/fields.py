"""Serializer fields that DRF does not have."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class NameField(serializers.CharField):
    """A name, null if it is empty."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value.strip() or None


# The format "time" of JSON Schema requires an offset from UTC.
@extend_schema_field({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$"})
class LocalTimeField(serializers.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M:%S", **kwargs)
