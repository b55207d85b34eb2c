"""Gives every request an id that its log lines and its error answers carry."""

import uuid
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from contactcenter.logs import request_id

Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class RequestId:
    """Sets `X-Request-ID`; an id that a caller sends is not believed."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if iscoroutinefunction(self):
            return self._later(request)
        token = request_id.set(uuid.uuid4().hex)
        try:
            if "\x00" in request.get_full_path() or "%00" in request.get_full_path():
                return self._mark(_nul())
            response = self.get_response(request)
            assert isinstance(response, HttpResponseBase)
            return self._mark(response)
        finally:
            request_id.reset(token)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(uuid.uuid4().hex)
        try:
            if "\x00" in request.get_full_path() or "%00" in request.get_full_path():
                return self._mark(_nul())
            response = self.get_response(request)
            assert not isinstance(response, HttpResponseBase)
            return self._mark(await response)
        finally:
            request_id.reset(token)

    @staticmethod
    def _mark(response: HttpResponseBase) -> HttpResponseBase:
        response["X-Request-ID"] = request_id.get()
        return response


def _nul() -> HttpResponse:
    """No address has a NUL byte, and PostgreSQL refuses one in any text."""
    return HttpResponse(
        '{"code":"bad_request","detail":"A NUL byte is not allowed.","fields":{}}',
        status=400,
        content_type="application/json",
    )
