"""The base class of the API's resources."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from chatlogs.web.search_engines import NOINDEX_NOFOLLOW
from chatlogs.web.throttling import ApiThrottle


class Resource(APIView):
    """Read-only, in English, closed to robots. Unknown parameters are errors: a typo would widen a search unnoticed."""

    http_method_names = ["get", "head"]
    throttle_classes = (ApiThrottle,)
    parameter_names: frozenset[str] = frozenset()

    @property
    def default_response_headers(self) -> dict[str, str]:
        headers: dict[str, str] = super().default_response_headers
        return headers | {"X-Robots-Tag": NOINDEX_NOFOLLOW}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        unknown = request.query_params.keys() - self.parameter_names
        if unknown:
            raise ValidationError({name: ["There is no such parameter."] for name in sorted(unknown)})


class Nothing(Resource):
    """Answers unknown paths with a 404 in JSON."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
