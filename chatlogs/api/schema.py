"""The OpenAPI schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from chatlogs.api.views import Resource


class Schema(Resource):
    schema = None
    renderer_classes = (OpenApiJsonRenderer, JSONRenderer)

    def get(self, request: Request) -> Response:
        return Response(make_schema())


@cache
def make_schema() -> dict[str, Any]:
    """Generate the schema once: it is slow and the same for everybody."""
    generator: Any = SchemaGenerator  # untyped
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema
