"""What can be offered and what customers did, from the business's own systems, over HTTP."""

import csv
import io
from decimal import Decimal
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents import keyset
from agents.access import MayAnswer, agent_of, require
from agents.api.case_views import Line, words_of
from agents.api.paging import PAGING, page_of, paged, paging_of
from agents.api.shapes import PROBLEMS
from agents.recommendations.actions.importing import MOST, Did, Offered, keep_events, keep_items
from agents.recommendations.models import CustomerEvent, Item
from conversations.errors import BadWords

CHANGE = "recommendations.change_item"
_BY_NAME = (keyset.Key("name", "name", str), keyset.Key("pk", "pk", int))
LARGEST = 5_000_000  # characters of a table


class WebAddress(serializers.CharField):
    """A page of ours (/shop/…) or of the web; nothing that runs."""

    def to_internal_value(self, data: Any) -> str:
        said = str(super().to_internal_value(data))
        if (said and not said.startswith(("/", "https://", "http://"))) or said.startswith("//"):
            raise serializers.ValidationError("Begins with / or https://.")
        return said


class ItemWords(serializers.Serializer[Any]):
    key = Line(max_length=120)
    name = Line(max_length=200)
    kind = serializers.ChoiceField(choices=Item.Kind.choices, required=False, default="product")
    description = serializers.CharField(
        max_length=4000, required=False, allow_blank=True, default=""
    )
    category = Line(max_length=80, required=False, allow_blank=True, default="")
    url = WebAddress(max_length=500, required=False, allow_blank=True, default="")
    price = serializers.DecimalField(
        max_digits=10,
        decimal_places=2,
        min_value=Decimal(0),
        required=False,
        allow_null=True,
        default=None,
    )
    currency = Line(max_length=3, required=False, allow_blank=True, default="")
    is_active = serializers.BooleanField(required=False, default=True)


def _not_too_many(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(said) > MOST:
        raise serializers.ValidationError(f"At most {MOST:,} in one go.")
    return said


class ItemsWords(serializers.Serializer[Any]):
    items = ItemWords(many=True)

    def validate_items(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _not_too_many(said)


class ItemShape(ItemWords):
    id = serializers.UUIDField()


class KeptShape(serializers.Serializer[Any]):
    kept = serializers.IntegerField()


class EventWords(serializers.Serializer[Any]):
    """Of a customer by our id, or by yours in an inbox."""

    id = Line(max_length=100, help_text="Yours: the same twice is one event.")
    item = Line(max_length=120)
    kind = serializers.ChoiceField(choices=CustomerEvent.Kind.choices)
    at = serializers.DateTimeField()
    customer = serializers.UUIDField(required=False, allow_null=True, default=None)
    inbox = serializers.SlugField(max_length=64, required=False, default="")
    external_id = Line(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["customer"] and not (attrs["inbox"] and attrs["external_id"]):
            raise serializers.ValidationError("Name a customer, or an inbox and an external_id.")
        return attrs


class EventsWords(serializers.Serializer[Any]):
    events = EventWords(many=True)

    def validate_events(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return _not_too_many(said)


class TextCsv(BaseParser):
    """A table as it is."""

    media_type = "text/csv"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, str]:
        said = stream.read(LARGEST + 1)
        if len(said) > LARGEST:
            raise BadWords(f"A table of at most {LARGEST:,} bytes.")
        try:
            return {"table": said.decode("utf-8-sig")}
        except UnicodeDecodeError:
            raise BadWords("The table is not UTF-8.") from None


def item_shape(row: Item) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "price": None if row.price is None else str(row.price),
        **{
            name: getattr(row, name)
            for name in (
                "key",
                "name",
                "kind",
                "description",
                "category",
                "url",
                "currency",
                "is_active",
            )
        },
    }


def _keep(words: list[dict[str, Any]]) -> Response:
    return Response({"kept": keep_items([Offered(**one) for one in words], at=timezone.now())})


class ItemsApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(parameters=PAGING, responses={200: page_of(ItemShape, "ItemPage"), **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Products and services, by name."""
        cursor, limit = paging_of(request)
        page = keyset.page(Item.objects.all(), _BY_NAME, cursor=cursor, limit=limit)
        return paged(request, page, item_shape)

    @extend_schema(request=ItemsWords, responses={200: KeptShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """New ones are added, known ones (by key) changed."""
        require(agent_of(request), CHANGE)
        return _keep(words_of(ItemsWords, request)["items"])


class TableApi(APIView):
    permission_classes = (MayAnswer,)
    parser_classes = (TextCsv,)

    @extend_schema(request={"text/csv": OpenApiTypes.STR}, responses={200: KeptShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """The same as CSV with a header: key, name and any other field of an item."""
        require(agent_of(request), CHANGE)
        table = str(request.data.get("table", "")) if isinstance(request.data, dict) else ""
        try:
            rows = list(csv.DictReader(io.StringIO(table), strict=True))
        except csv.Error as problem:
            raise BadWords(f"The table cannot be read: {problem}.") from None
        if not rows or len(rows) > MOST:
            raise BadWords(f"A header and 1 to {MOST:,} lines are wanted.")
        given = [{name: value for name, value in row.items() if name and value} for row in rows]
        words = ItemsWords(data={"items": given})
        words.is_valid(raise_exception=True)
        return _keep(words.validated_data["items"])


class EventsApi(APIView):
    permission_classes = (MayAnswer,)

    @extend_schema(request=EventsWords, responses={200: KeptShape, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """What customers bought, looked at or asked about; answers how many are new. All or nothing."""
        require(agent_of(request), CHANGE)
        events = [Did(**one) for one in words_of(EventsWords, request)["events"]]
        return Response({"kept": keep_events(events, at=timezone.now())})
