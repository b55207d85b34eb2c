"""Refits for programs: what was fitted to the centre's own outcomes, its figures, live and back."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bots.access import ADOPT
from bots.actions import refit
from bots.api.adapters import MayAdopt
from bots.models import Refit


class MayRefit(MayAdopt):
    NEEDED = dict.fromkeys(("GET", "HEAD", "OPTIONS"), "bots.view_refit") | {"POST": ADOPT}


class RefitOut(serializers.ModelSerializer[Refit]):
    """`figures` are of later conversations than it was fitted to, `beside` of those since it was made; both
    have `turns`, `gain`, its 95 % `interval`, `before`, `after` and `objections` (empty: it wins)."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    weights = serializers.DictField(read_only=True)
    figures = serializers.DictField(read_only=True)
    beside = serializers.DictField(read_only=True)
    of = serializers.DictField(
        source="data", read_only=True, help_text="How many outcomes, and of which days."
    )
    before = serializers.SlugRelatedField[Any](
        slug_field="uuid", read_only=True, help_text="What was live before; null: what comes along."
    )

    class Meta:
        model = Refit
        fields = ["id", "kind", "state", "since", "made_at", "before", "of", "figures", "beside", "weights"]  # fmt: skip
        read_only_fields = fields


class RefitIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Refit.Kind.choices)


class RefitStanding(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Refit.Kind.choices)
    outcomes = serializers.IntegerField(help_text="That are known.")
    needed = serializers.IntegerField()


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=Refit.State.values),
        OpenApiParameter("kind", str, enum=Refit.Kind.values),
    ]
)
class RefitViewSet(viewsets.ReadOnlyModelViewSet[Refit]):
    """Weights fitted anew. The clock makes them; at most one of a kind is live, and one tried."""

    serializer_class = RefitOut
    permission_classes = (MayRefit,)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    queryset = Refit.objects.all()

    def get_queryset(self) -> QuerySet[Refit]:
        found = Refit.objects.select_related("before")
        for name in ("state", "kind"):
            value = self.request.query_params.get(name)
            if value and "\0" not in value:
                found = found.filter(**{name: value})
        return found

    @extend_schema(parameters=[], request=RefitIn, responses={201: RefitOut})
    def create(self, request: Request) -> Response:
        """Fits now, without waiting for the clock; 409 while there are too few outcomes, or another is tried."""
        given = RefitIn(data=request.data)
        given.is_valid(raise_exception=True)
        kind = given.validated_data["kind"]
        row = refit.try_anew(kind=kind, by_id=request.user.pk, at=timezone.now())
        return Response(self.get_serializer(row).data, status=201)

    @extend_schema(parameters=[], responses=RefitStanding(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def standing(self, request: Request) -> Response:
        """How many outcomes there are, and how many are needed, by kind."""
        at = timezone.now()
        found = [(kind, *refit.standing(kind, at=at)) for kind in Refit.Kind.values]
        return Response([{"kind": k, "outcomes": have, "needed": need} for k, have, need in found])

    @extend_schema(parameters=[], request=None, responses=RefitOut)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, id: UUID) -> Response:  # noqa: A002 -- as in the address
        """Makes it live; 409 when it did not win beside what answers now."""
        refit.adopt(refit=id, by_id=request.user.pk, at=timezone.now())
        return self._shown()

    @extend_schema(parameters=[], request=None, responses=RefitOut)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, id: UUID) -> Response:  # noqa: A002
        refit.stop(refit=id, by_id=request.user.pk, at=timezone.now())
        return self._shown()

    @extend_schema(
        parameters=[], request=None, responses={200: RefitOut, 204: OpenApiResponse(description="What comes along weighs again.")}
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="roll-back")
    def roll_back(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What was live before this one is live again."""
        row = refit.roll_back(refit=id, by_id=request.user.pk, at=timezone.now())
        return Response(status=204) if row is None else Response(self.get_serializer(row).data)

    def _shown(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)
