"""What can go wrong, and what the API answers then."""

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
    default_detail = "This was published once and is not any more."


class TooSlow(APIException):
    status_code = 503
    default_detail = "This search took too long and was broken off. Add a word, a room or dates, or try again later."
    wait = 30


class ProblemSerializer(serializers.Serializer[Any]):
    """An error in words."""

    detail = serializers.CharField()


WRONG_PARAMETERS = OpenApiResponse(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    "Parameters that are wrong or unknown: for each, what is wrong.",
)
COMMON = {
    400: WRONG_PARAMETERS,
    429: OpenApiResponse(ProblemSerializer, "Too many requests from this address."),
}
NOT_FOUND = {404: OpenApiResponse(ProblemSerializer, "There is no such thing.")}
GONE = {410: OpenApiResponse(ProblemSerializer, "The message was published once and is not any more.")}
TOO_SLOW = {503: OpenApiResponse(ProblemSerializer, "The search took too long and was broken off.")}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """For DRF's EXCEPTION_HANDLER."""
    return exception_handler(TooSlow() if isinstance(error, TimeLimitExceeded) else error, context)
