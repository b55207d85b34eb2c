"""Gives every request an id that its log lines and its error answers carry."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from conversations.trace import trace

Handler = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def RequestId(get_response: Handler) -> Callable[[HttpRequest], Any]:  # noqa: N802 -- a middleware
    """Sets `X-Request-ID`; an id that a caller sends is not believed.

    A NUL byte in an address is refused here: no address has one, and PostgreSQL takes it in no text.
    """
    if iscoroutinefunction(get_response):
        later = cast("Callable[[HttpRequest], Awaitable[HttpResponseBase]]", get_response)

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            token = trace.set(uuid.uuid4().hex)
            try:
                return _marked(_nul() if _has_nul(request) else await later(request))
            finally:
                trace.reset(token)

        return answer_later

    now = cast("Callable[[HttpRequest], HttpResponseBase]", get_response)

    def answer(request: HttpRequest) -> HttpResponseBase:
        token = trace.set(uuid.uuid4().hex)
        try:
            return _marked(_nul() if _has_nul(request) else now(request))
        finally:
            trace.reset(token)

    return answer


def _marked(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Request-ID"] = trace.get()
    return response


def _has_nul(request: HttpRequest) -> bool:
    address = request.get_full_path()
    return "\x00" in address or "%00" in address


def _nul() -> HttpResponse:
    return HttpResponse(
        '{"code":"bad_request","detail":"A NUL byte is not allowed.","fields":{}}',
        status=400,
        content_type="application/json",
    )
