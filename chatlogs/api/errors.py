"""Errors of the API and their descriptions in the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from chatlogs.db.timeouts import TimeLimitExceeded

RETRY_AFTER = OpenApiParameter(
    "Retry-After", OpenApiTypes.INT, OpenApiParameter.HEADER, description="In seconds.", response=[429, 503]
)


class Gone(APIException):
    status_code = 410
    default_detail = "This message was published and has been removed."


class TooSlow(APIException):
    status_code = 503
    default_detail = "This search took too long and was stopped. Add a word, a room or dates, or try again later."
    wait = 30


class ProblemSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()


WRONG_PARAMETERS = OpenApiResponse(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "Wrong or unknown parameters, each with a list of errors.",
)
COMMON = {
    400: WRONG_PARAMETERS,
    429: OpenApiResponse(ProblemSerializer, "Too many requests from this address."),
}
NOT_FOUND = {404: OpenApiResponse(ProblemSerializer, "Not found.")}
GONE = {410: OpenApiResponse(ProblemSerializer, "The message was published and has been removed.")}
TOO_SLOW = {503: OpenApiResponse(ProblemSerializer, "The search took too long and was stopped.")}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer 503 for a search that takes too long (EXCEPTION_HANDLER)."""
    return exception_handler(TooSlow() if isinstance(error, TimeLimitExceeded) else error, context)
