"""Adapters of the language model for programs: their cards, trying one, making it live, one step back."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bots.access import ADOPT
from bots.actions import adapters
from bots.api.articles import MayEditArticles
from bots.models import Adapter
from bots.reads.adapters import compared


class MayAdopt(MayEditArticles):
    NEEDED: ClassVar[dict[str, str]] = {
        "GET": "bots.view_adapter",
        "HEAD": "bots.view_adapter",
        "OPTIONS": "bots.view_adapter",
        "POST": ADOPT,
    }


class AdapterOut(serializers.ModelSerializer[Adapter]):
    """`card` has the figures on held-out answers before and after, the data, and `objections`: empty, it
    wins. `beside` is how it did in real turns beside the live one, where it was tried."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    card = serializers.DictField(read_only=True)
    before = serializers.SlugRelatedField[Any](
        slug_field="uuid", read_only=True, help_text="What was live before it went live."
    )
    beside = serializers.SerializerMethodField()

    class Meta:
        model = Adapter
        fields = [
            "id", "name", "digest", "base_digest", "state", "since", "share", "trouble", "created_at",
            "before", "card", "beside",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_beside(self, adapter: Adapter) -> dict[str, Any]:
        return compared(adapter).shown()


class TryIn(serializers.Serializer[Any]):
    share = serializers.FloatField(min_value=0.01, max_value=1.0, default=0.2)


@extend_schema(parameters=[OpenApiParameter("state", str, enum=Adapter.State.values)])
class AdapterViewSet(viewsets.ReadOnlyModelViewSet[Adapter]):
    """What the language model was taught. `train_bot` makes them; at most one is live, and one tried."""

    serializer_class = AdapterOut
    permission_classes = (MayAdopt,)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = Adapter.objects.all()

    def get_queryset(self) -> QuerySet[Adapter]:
        found = Adapter.objects.defer("weights").select_related("before")
        state = self.request.query_params.get("state")
        return found.filter(state=state) if state and "\0" not in state else found

    @extend_schema(parameters=[], request=TryIn, responses=AdapterOut)
    @action(detail=True, methods=["post"], url_path="try")
    def try_beside(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- as in the address
        """Writes beside the live one in a share of the turns; nobody hears it."""
        given = TryIn(data=request.data)
        given.is_valid(raise_exception=True)
        adapters.try_beside(
            adapter=id,
            share=given.validated_data["share"],
            by_id=request.user.pk,
            at=timezone.now(),
        )
        return self._shown()

    @extend_schema(parameters=[], request=None, responses=AdapterOut)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, id: UUID) -> Response:  # noqa: A002
        adapters.stop_trying(adapter=id, by_id=request.user.pk, at=timezone.now())
        return self._shown()

    @extend_schema(parameters=[], request=None, responses=AdapterOut)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Makes it live; 409 when its card, or what was seen beside the live one, speaks against it."""
        adapters.adopt(adapter=id, by_id=request.user.pk, at=timezone.now())
        return self._shown()

    @extend_schema(
        parameters=[], request=None, responses={200: AdapterOut, 204: OpenApiResponse(description="The model answers without an adapter.")}
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request) -> Response:
        """What was live before is live again."""
        row = adapters.roll_back(by_id=request.user.pk, at=timezone.now())
        return Response(status=204) if row is None else Response(self.get_serializer(row).data)

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
