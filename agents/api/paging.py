"""Keyset pages at the HTTP doors, looking like the framework's own."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from agents.keyset import MOST, PAGE, Page

Row = TypeVar("Row", bound=Model)


class Paging(serializers.Serializer[Any]):
    cursor = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, required=False, default=PAGE)


PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("limit", int)]


def paging_of(request: Request) -> tuple[str, int]:
    """(cursor, limit) of a list's address."""
    words = Paging(data=request.query_params)
    words.is_valid(raise_exception=True)
    return words.validated_data["cursor"], words.validated_data["limit"]


def paged(request: Request, page: Page[Row], shape: Callable[[Row], dict[str, Any]]) -> Response:
    """A page whose `next` is an address."""
    address = request.build_absolute_uri()
    following = replace_query_param(address, "cursor", page.next) if page.next else None
    return Response(
        {"next": following, "previous": None, "results": [shape(row) for row in page.rows]}
    )


def page_of(shape: type[serializers.BaseSerializer[Any]], name: str) -> Any:
    """The OpenAPI shape of such a page."""

    class _Page(serializers.Serializer[Any]):
        next = serializers.CharField(allow_null=True)
        previous = serializers.CharField(allow_null=True)
        results = shape(many=True)

    _Page.__name__ = name
    return _Page
