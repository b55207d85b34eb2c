"""A refusal or a bad input → `{"code", "detail", "fields"}` with the right status."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from conversations.errors import Refused

logger = logging.getLogger(__name__)


def answer_error(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler for the whole API."""
    if isinstance(exception, Refused):
        return _refusal(exception)
    if isinstance(exception, DjangoValidationError):
        fields = getattr(exception, "message_dict", {"detail": exception.messages})
        return _answer(400, "invalid", "Some fields are not right.", fields)
    if isinstance(exception, DataError):
        # The last net below the serializers: a value that PostgreSQL can't hold.
        logger.warning("Refused a value", extra={"view": type(context.get("view")).__name__})
        return _answer(400, "invalid", "A value is out of range.")
    if isinstance(exception, OperationalError | InterfaceError):
        logger.error("The database did not answer")
        return _answer(503, "unavailable", "Please try again in a moment.")
    return _from_framework(exception, context)


def _refusal(refusal: Refused) -> Response:
    response = _answer(refusal.http_status, refusal.code, refusal.detail, refusal.fields)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(max(1, round(refusal.retry_after)))
    return response


def _from_framework(exception: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    response = exception_handler(exception, context)
    if response is None or not isinstance(exception, exceptions.APIException):
        return response
    if isinstance(exception, exceptions.ValidationError):
        detail = response.data
        fields = detail if isinstance(detail, dict) else {"detail": detail}
        body = {"code": "invalid", "detail": "Some fields are not right.", "fields": fields}
    else:
        body = {"code": exception.default_code, "detail": str(exception.detail), "fields": {}}
    response.data = body
    return response


def page_error(status: int, code: str, detail: str) -> Callable[..., HttpResponse]:
    """Django's handler of errors outside a view: JSON for the API, a short page for people."""

    def handler(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse({"code": code, "detail": detail, "fields": {}}, status=status)
        return render(request, "error.html", {"status": status, "detail": detail}, status=status)

    return handler


# A form without a good token: mostly a page that stood open while somebody signed in or out.
stale_form = page_error(
    403,
    "not_allowed",
    "This page was open for too long, or cookies are switched off. Load it again, then try again.",
)
bad_request = page_error(400, "bad_request", "That request can't be read.")
not_found = page_error(404, "not_found", "This page does not exist, or not any more.")
forbidden = page_error(403, "not_allowed", "That is not possible.")
broken = page_error(500, "internal", "Something went wrong on our side.")


def _answer(status: int, code: str, detail: str, fields: dict[str, Any] | None = None) -> Response:
    return Response({"code": code, "detail": detail, "fields": fields or {}}, status=status)
