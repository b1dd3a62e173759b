"""Values that DRF has no field for."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class NameField(serializers.CharField):
    """Null for whoever has no name that may be told."""

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]
        return value.strip() or None


# JSON Schema's own "time" is one with an offset from UTC.
@extend_schema_field({"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$"})
class LocalTimeField(serializers.TimeField):
    """On the clock of the room."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M:%S", **kwargs)
